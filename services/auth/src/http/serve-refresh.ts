import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refreshRequestSchema } from '@omni2/contracts'
import { AccessRefused } from '../access-refused.ts'
import { countOperation, type CountDeps } from './count-operation.ts'
import { parseBody } from './parse-body.ts'
import { readOwnRequest } from '../proof/read-forwarded-request.ts'
import { readRefreshCookie } from '../proof/read-refresh-cookie.ts'
import { refreshLogin, type PresentedToken } from '../login/refresh-login.ts'
import { sendTokens } from './send-tokens.ts'

type Deps = CountDeps &
  Parameters<typeof refreshLogin>[1] &
  Parameters<typeof sendTokens>[3] &
  Parameters<typeof readRefreshCookie>[1] &
  Parameters<typeof readOwnRequest>[1]

/** How long a used refresh cookie may come again, in seconds: from another tab, or where the answer was lost. */
const repeatSeconds = 10

/** Serves POST /auth/refresh: 200 with new tokens, 401 for a refresh token that is unknown, over, or used before. */
export function serveRefresh(app: FastifyInstance, deps: Deps): void {
  app.post('/auth/refresh', async (request, reply) => {
    const refresh = async () => refreshLogin(readPresented(request, deps), deps)
    const tokens = await countOperation('refresh', refresh, deps)
    return sendTokens(reply, tokens, readOwnRequest(request, deps).entry, deps)
  })
}

/** A token in the body comes first. All tabs of a browser share the cookie, so that alone may come twice. */
function readPresented(request: FastifyRequest, deps: Deps): PresentedToken {
  const { refresh_token: refreshToken } = parseBody(refreshRequestSchema, request.body ?? {})
  if (refreshToken !== undefined) return { refreshToken, repeatSeconds: 0 }
  const cookie = readRefreshCookie(readOwnRequest(request, deps), deps)
  if (cookie === undefined) throw new AccessRefused('refresh_token_missing')
  return { refreshToken: cookie, repeatSeconds }
}
