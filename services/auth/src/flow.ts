import { nameIdentity } from './validate/name-identity.ts'
import { checkProof } from './validate/check-proof.ts'
import type { ProvingRequest } from './proof/read-forwarded-request.ts'
import { passPreflight } from './validate/pass-preflight.ts'
import { readProof } from './proof/read-proof.ts'
import { signIdentity } from './validate/sign-identity.ts'

type Deps = Parameters<typeof passPreflight>[1] &
  Parameters<typeof readProof>[1] &
  Parameters<typeof checkProof>[1] &
  Parameters<typeof signIdentity>[1]

/**
 * The steps of a /validate: from a forwarded request to the headers that say who sent it. The first step that finds no
 * valid proof throws AccessRefused or OriginRefused. The worker decides whether the user may chat.
 */
export async function validateRequest(request: ProvingRequest, deps: Deps): Promise<Record<string, string>> {
  if (passPreflight(request, deps)) return {}
  const proof = readProof(request, deps)
  const { user, login } = await checkProof(proof, deps)
  const assertion = await signIdentity({ user, login, request }, deps)
  return nameIdentity(user, assertion)
}
