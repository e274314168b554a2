import { checkLogin } from '../proof/check-login.ts'
import type { Proof } from '../proof/read-proof.ts'
import { redeemProof, type ProvenLogin } from './redeem-proof.ts'
import { verifyToken, type TokenDeps } from '../tokens/verify-token.ts'

/** Finds out whose a proof is, in one statement; a ticket is gone afterwards. Throws AccessRefused. */
export async function checkProof(
  proof: Proof,
  deps: TokenDeps & Parameters<typeof checkLogin>[1],
): Promise<ProvenLogin> {
  if ('ticket' in proof) return redeemProof(proof, deps)
  const login = await verifyToken(proof.token, deps)
  return { user: await checkLogin(login, deps), login }
}
