import type { FastifyInstance } from 'fastify'
import { loginRequestSchema } from '@omni2/contracts'
import { countOperation, type CountDeps } from './count-operation.ts'
import { logIn } from '../login/log-in.ts'
import { parseBody } from './parse-body.ts'
import { readEntry } from '../proof/read-entry.ts'
import { sendTokens } from './send-tokens.ts'

type Deps = CountDeps & Parameters<typeof logIn>[1] & Parameters<typeof readEntry>[1]

/** Serves POST /auth/login: 200 with tokens, 401 for a wrong name or password, 429 after too many of those. */
export function serveLogin(app: FastifyInstance, deps: Deps): void {
  app.post('/auth/login', async (request, reply) => {
    const entry = readEntry(request, deps)
    const login = () => {
      const credentials = parseBody(loginRequestSchema, request.body)
      return logIn({ ...credentials, address: entry.address }, deps)
    }
    return sendTokens(reply, await countOperation('login', async () => login(), deps), entry, deps)
  })
}
