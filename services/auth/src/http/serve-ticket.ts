import type { FastifyInstance } from 'fastify'
import { checkProof } from '../validate/check-proof.ts'
import { countOperation, type CountDeps } from './count-operation.ts'
import { readOwnRequest } from '../proof/read-forwarded-request.ts'
import { readTokenProof } from '../proof/read-proof.ts'
import { takeTicket } from '../validate/take-ticket.ts'

type Deps = CountDeps &
  Parameters<typeof checkProof>[1] &
  Parameters<typeof takeTicket>[1] &
  Parameters<typeof readTokenProof>[1] &
  Parameters<typeof readOwnRequest>[1]

/** Serves POST /auth/ticket: 200 with a ticket for one socket, 401 or 403 for what /validate refuses. */
export function serveTicket(app: FastifyInstance, deps: Deps): void {
  app.post('/auth/ticket', async (request, reply) => {
    const take = async () => {
      const proof = readTokenProof(readOwnRequest(request, deps), deps)
      return takeTicket(await checkProof(proof, deps), deps)
    }
    const ticket = await countOperation('ticket', take, deps)
    return reply.header('cache-control', 'no-store').send(ticket)
  })
}
