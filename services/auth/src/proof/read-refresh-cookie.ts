import { checkOrigin } from './check-origin.ts'
import { readLoginCookie } from './login-cookies.ts'
import type { ProvingRequest } from './read-forwarded-request.ts'

/** Reads the refresh token from its cookie; throws OriginRefused where a foreign page may have sent that. */
export function readRefreshCookie(
  request: ProvingRequest,
  deps: Parameters<typeof checkOrigin>[1],
): string | undefined {
  const refreshToken = readLoginCookie('refresh', request.cookies, request.entry)
  if (refreshToken !== undefined) checkOrigin(request, deps)
  return refreshToken
}
