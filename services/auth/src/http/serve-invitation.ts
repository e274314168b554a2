import type { FastifyInstance } from 'fastify'
import { invitationRequestSchema } from '@omni2/contracts'
import { acceptInvitation } from '../login/accept-invitation.ts'
import { readEntry } from '../proof/read-entry.ts'
import { countOperation, type CountDeps } from './count-operation.ts'
import { parseBody } from './parse-body.ts'
import { sendTokens } from './send-tokens.ts'

type Deps = CountDeps & Parameters<typeof acceptInvitation>[1] & Parameters<typeof readEntry>[1]

/** Serves POST /auth/invitation: 200 with tokens of the account whose password was set, 401 for a bad invitation. */
export function serveInvitation(
  app: FastifyInstance,
  deps: Deps & { readonly refreshTokenSeconds: number },
): void {
  app.post('/auth/invitation', async (request, reply) => {
    const entry = readEntry(request, deps)
    const accept = () => {
      const chosen = parseBody(invitationRequestSchema, request.body)
      return acceptInvitation({ ...chosen, address: entry.address }, deps)
    }
    return sendTokens(reply, await countOperation('invitation', async () => accept(), deps), entry, deps)
  })
}
