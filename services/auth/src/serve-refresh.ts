import type { FastifyInstance } from 'fastify'
import { refreshRequestSchema } from '@omni2/contracts'
import { parseBody } from './parse-body.ts'
import { readEntry } from './read-entry.ts'
import { refreshLogin } from './refresh-login.ts'
import { sendTokens } from './send-tokens.ts'

type Dependencies = Parameters<typeof refreshLogin>[1] & Parameters<typeof readEntry>[1]

/** Serves POST /auth/refresh: 200 with new tokens, 401 for a refresh token that is unknown, over, or used before. */
export function serveRefresh(app: FastifyInstance, deps: Dependencies): void {
  app.post('/auth/refresh', async (request, reply) => {
    const { refresh_token } = parseBody(refreshRequestSchema, request.body)
    const tokens = await refreshLogin(refresh_token, deps)
    return sendTokens(reply, tokens, readEntry(request, deps))
  })
}
