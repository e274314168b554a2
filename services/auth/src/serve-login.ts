import type { FastifyInstance } from 'fastify'
import { logIn } from './log-in.ts'
import { parseCredentials } from './parse-credentials.ts'

/** Serves POST /auth/login: 200 with an access token, 401 for a wrong name or password, 422 for anything else. */
export function serveLogin(app: FastifyInstance, deps: Parameters<typeof logIn>[1]): void {
  app.post('/auth/login', async ({ body }, reply) => {
    const answer = await logIn(parseCredentials(body), deps)
    return reply.header('cache-control', 'no-store').send(answer)
  })
}
