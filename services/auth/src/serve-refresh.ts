import type { FastifyInstance } from 'fastify'
import { refreshRequestSchema } from '@omni2/contracts'
import { countOperation, type CountDependencies } from './count-operation.ts'
import { parseBody } from './parse-body.ts'
import { readEntry } from './read-entry.ts'
import { refreshLogin } from './refresh-login.ts'
import { sendTokens } from './send-tokens.ts'

type Dependencies = CountDependencies & Parameters<typeof refreshLogin>[1] & Parameters<typeof readEntry>[1]

/** Serves POST /auth/refresh: 200 with new tokens, 401 for a refresh token that is unknown, over, or used before. */
export function serveRefresh(app: FastifyInstance, deps: Dependencies): void {
  app.post('/auth/refresh', async (request, reply) => {
    const refresh = async () =>
      refreshLogin(parseBody(refreshRequestSchema, request.body).refresh_token, deps)
    return sendTokens(reply, await countOperation('refresh', refresh, deps), readEntry(request, deps))
  })
}
