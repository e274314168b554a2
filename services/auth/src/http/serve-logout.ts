import type { FastifyInstance, FastifyRequest } from 'fastify'
import { logoutRequestSchema } from '@omni2/contracts'
import { countOperation, type CountDeps } from './count-operation.ts'
import { clearLoginCookies } from '../proof/login-cookies.ts'
import { logOut } from '../login/log-out.ts'
import { parseBody } from './parse-body.ts'
import { readOwnRequest } from '../proof/read-forwarded-request.ts'
import { readTokenProof } from '../proof/read-proof.ts'
import { readRefreshCookie } from '../proof/read-refresh-cookie.ts'

type Deps = CountDeps &
  Parameters<typeof logOut>[1] &
  Parameters<typeof readTokenProof>[1] &
  Parameters<typeof readOwnRequest>[1]

/** Serves POST /auth/logout: 204 and deleted cookies; 401 without a token that names the login. */
export function serveLogout(app: FastifyInstance, deps: Deps): void {
  app.post('/auth/logout', async (request, reply) => {
    const endLogin = async () => {
      const login = readLogin(request, deps)
      // Also where the login turns out to be over: its cookies are good for nothing.
      reply.header('set-cookie', clearLoginCookies(readOwnRequest(request, deps).entry))
      await logOut(login, deps)
    }
    await countOperation('logout', endLogin, deps)
    return reply.code(204).header('cache-control', 'no-store').send()
  })
}

/** A refresh token comes before an access token of its kind: it works also when that is over. */
function readLogin(request: FastifyRequest, deps: Deps) {
  const { refresh_token: refreshToken } = parseBody(logoutRequestSchema, request.body ?? {})
  if (refreshToken !== undefined) return { refreshToken }
  const proving = readOwnRequest(request, deps)
  const cookie = proving.authorization === undefined ? readRefreshCookie(proving, deps) : undefined
  return cookie === undefined ? readTokenProof(proving, deps) : { refreshToken: cookie }
}
