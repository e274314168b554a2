import type { FastifyInstance } from 'fastify'
import type { Me } from '@omni2/contracts'
import { findSessionEnd, type Database } from '@omni2/db'
import { checkProof } from '../validate/check-proof.ts'
import { countOperation, type CountDeps } from './count-operation.ts'
import { readOwnRequest } from '../proof/read-forwarded-request.ts'
import { readTokenProof } from '../proof/read-proof.ts'

type Deps = CountDeps &
  Parameters<typeof checkProof>[1] &
  Parameters<typeof readTokenProof>[1] &
  Parameters<typeof readOwnRequest>[1] & { readonly database: Pick<Database, 'db'> }

/** Serves GET /auth/me: 200 with whose login this is and how long it lasts, 401 or 403 for what /validate refuses. */
export function serveMe(app: FastifyInstance, deps: Deps): void {
  app.get('/auth/me', async (request, reply) => {
    const describe = async () => describeLogin(readTokenProof(readOwnRequest(request, deps), deps), deps)
    const me = await countOperation('me', describe, deps)
    return reply.header('cache-control', 'no-store').send(me)
  })
}

/** A token of an existing deployment is its own login: it has no row, and ends with itself. */
async function describeLogin(proof: Parameters<typeof checkProof>[0], deps: Deps): Promise<Me> {
  const { user, login } = await checkProof(proof, deps)
  const tokenEndsAt = new Date(login.expiresAt * 1000)
  const sessionEndsAt = await findSessionEnd({ sid: login.sid, userId: user.id }, deps.database)
  return {
    user_id: user.id,
    username: user.username,
    role: user.role,
    token_expires_at: tokenEndsAt.toISOString(),
    session_expires_at: (sessionEndsAt ?? tokenEndsAt).toISOString(),
  }
}
