import { errorCodes, type OpenReply, type OpenRequest } from '@omni2/contracts'
import type { Database } from '@omni2/db'
import { answerOpenRequest } from './answer-open-request.ts'
import type { ConnectionCounter, ConnectionRate } from '../limits/count-connections.ts'

interface AdmitDeps {
  database: Database
  connections: Pick<ConnectionCounter, 'count'>
}

/**
 * Answers `chat.open`. Every connection is counted. A flood is refused before any query of the database. Above the
 * limit only connections that continue a conversation of their user are admitted.
 */
export async function admitConnection(
  request: OpenRequest,
  { database, connections }: AdmitDeps,
): Promise<OpenReply> {
  const rate = await connections.count(request)
  if (rate.isFlood) return refuse(rate)
  const reply = await answerOpenRequest(request, database)
  const goesOn = request.conversation_id !== null
  return reply.allowed && rate.isAboveLimit && !goesOn ? refuse(rate) : reply
}

const refuse = ({ retryAfterMs }: ConnectionRate): OpenReply => ({
  allowed: false,
  code: 'too_many_connections',
  message: errorCodes.too_many_connections.text,
  retry_after_ms: Math.ceil(retryAfterMs),
})
