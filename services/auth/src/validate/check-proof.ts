import { checkLogin, type User } from '../proof/check-login.ts'
import type { Proof } from '../proof/read-proof.ts'
import { redeemProof } from './redeem-proof.ts'
import type { Login } from '../tokens/verify-access-token.ts'
import { verifyToken, type TokenDependencies } from '../tokens/verify-token.ts'

/** A login that is proven and goes on, with its user as of now. */
export interface ProvenLogin {
  readonly user: User
  readonly login: Pick<Login, 'sid' | 'expiresAt'>
}

/** Finds out whose a proof is, in one statement; a ticket is gone afterwards. Throws AccessRefused. */
export async function checkProof(
  proof: Proof,
  deps: TokenDependencies & Parameters<typeof checkLogin>[1],
): Promise<ProvenLogin> {
  if ('ticket' in proof) return redeemProof(proof, deps)
  const login = await verifyToken(proof.token, deps)
  return { user: await checkLogin(login, deps), login }
}
