import { checkLogin } from './check-login.ts'
import { nameIdentity } from './name-identity.ts'
import { readBearerToken } from './read-bearer-token.ts'
import type { ForwardedRequest } from './read-forwarded-request.ts'
import { signIdentity } from './sign-identity.ts'
import { verifyAccessToken } from './verify-access-token.ts'

type Dependencies = Parameters<typeof signIdentity>[1] &
  Parameters<typeof checkLogin>[1] & { readonly tokenRules: Parameters<typeof verifyAccessToken>[1] }

/**
 * What a /validate goes through: from a forwarded request to the headers that say who it is from. The first step that
 * cannot vouch for it throws AccessRefused. Whether that user may chat is the worker's to say.
 */
export async function validateRequest(request: ForwardedRequest, deps: Dependencies) {
  const token = readBearerToken(request.authorization)
  const login = await verifyAccessToken(token, deps.tokenRules)
  const user = await checkLogin(login, deps)
  const assertion = await signIdentity({ user, login, request }, deps)
  return nameIdentity(user, assertion)
}
