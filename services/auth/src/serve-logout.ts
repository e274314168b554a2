import type { FastifyInstance, FastifyRequest } from 'fastify'
import { logoutRequestSchema } from '@omni2/contracts'
import { clearAccessCookie } from './access-cookie.ts'
import { countOperation, type CountDependencies } from './count-operation.ts'
import { logOut } from './log-out.ts'
import { parseBody } from './parse-body.ts'
import { readOwnRequest } from './read-forwarded-request.ts'
import { readTokenProof } from './read-proof.ts'

type Dependencies = CountDependencies &
  Parameters<typeof logOut>[1] &
  Parameters<typeof readTokenProof>[1] &
  Parameters<typeof readOwnRequest>[1]

/** Serves POST /auth/logout: 204 and no cookie any more, 401 without a token that says which login is to end. */
export function serveLogout(app: FastifyInstance, deps: Dependencies): void {
  app.post('/auth/logout', async (request, reply) => {
    const proving = readOwnRequest(request, deps)
    await countOperation('logout', async () => logOut(readLogin(request, deps), deps), deps)
    const cookie = clearAccessCookie(proving.entry)
    if (cookie !== undefined) reply.header('set-cookie', cookie)
    return reply.code(204).header('cache-control', 'no-store').send()
  })
}

/** A refresh token in the body comes first: it works also when the access token is over. */
function readLogin(request: FastifyRequest, deps: Dependencies) {
  const { refresh_token: refreshToken } = parseBody(logoutRequestSchema, request.body ?? {})
  if (refreshToken !== undefined) return { refreshToken }
  return readTokenProof(readOwnRequest(request, deps), deps)
}
