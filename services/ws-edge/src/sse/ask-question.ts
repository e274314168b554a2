import type { IncomingMessage } from 'node:http'
import type { Bus } from '@omni2/bus'
import { makeTurnId, type Identity } from '@omni2/contracts'
import { asksOtherQuestion } from '../turn/compare-question.ts'
import type { EdgeConfig } from '../config.ts'
import { makeTurnFrame } from '../frames/make-frame.ts'
import type { EdgeMetrics } from '../metrics.ts'
import { publishTurn } from '../turn/publish-turn.ts'
import { recordAccepted } from '../turn/record-accepted.ts'
import type { RefusedUsers } from '../rights/refused-users.ts'
import { relayReply, type RelayDeps } from '../reply/relay-reply.ts'
import type { UserMessage } from '../message/user-message.ts'
import { WholeAnswer } from '../reply/whole-answer.ts'
import type { AskResponse } from './ask-response.ts'
import { parseQuestion } from './parse-question.ts'
import { readBody } from './read-body.ts'
import { readIdempotencyKey } from './read-idempotency-key.ts'
import { RequestRefused } from './request-refused.ts'

export interface QuestionDeps extends RelayDeps {
  readonly bus: Pick<Bus, 'request' | 'publishDurably' | 'readStored'>
  /** Turns that are answered here now, with their users. */
  readonly answering: Map<string, number>
  readonly instance: string
  readonly refusedUsers: RefusedUsers
  readonly metrics: Pick<EdgeMetrics, 'acceptances' | 'acceptSeconds'>
}

/** Answers a question with the events of its turn: followed before it is stored, `accepted` before all else of it. */
export async function askQuestion(
  request: IncomingMessage,
  reply: AskResponse,
  deps: QuestionDeps,
): Promise<void> {
  const { identity } = reply
  const turn = nameTurn(request, identity)
  reply.nameTurn(turn.session_id)
  const message = await readMessage(request, turn, deps)
  refuseRefused(turn, deps)
  const { log } = reply
  const from = { identity, acceptedAt: new Date() }
  const learning = deps.refusedUsers.learnFrom(turn, reply)
  using relay = relayReply({ ...message, ...turn, question: message }, new WholeAnswer(learning), deps)
  const { published, seq, traceparent } = await publishTurn(message, from, { ...deps, log })
  // A frame of the turn proves that it was stored, also when the acknowledgement was lost.
  const acceptance = published === 'unknown' && relay.hasFrames ? 'duplicate' : published
  if (acceptance === 'unknown' || acceptance === 'refused') throw refuseUnaccepted(acceptance, message, deps)
  if (acceptance === 'duplicate' && (await asksOtherQuestion({ ...message, ...turn }, seq, deps)))
    throw new RequestRefused('idempotency_mismatch', { fields: { session_id: turn.session_id } })
  reply.limitHold()
  const { session_id, client_msg_id } = message
  reply.send(makeTurnFrame('accepted', session_id, { client_msg_id }))
  relay.begin({ joined: acceptance === 'duplicate' })
  const recorded = recordAccepted(message, { ...from, traceparent }, { ...deps, log })
  deps.answering.set(session_id, identity.user_id)
  await relay.ended
  deps.answering.delete(session_id)
  reply.finish()
  await recorded
}

interface NamedTurn {
  readonly session_id: string
  readonly user_id: number
  readonly client_msg_id: string | undefined
}

function nameTurn(request: IncomingMessage, { user_id }: Identity): NamedTurn {
  const client_msg_id = readIdempotencyKey(request)
  const session_id = makeTurnId({ userId: user_id, conversationId: null, clientMsgId: client_msg_id })
  return { session_id, user_id, client_msg_id }
}

/** Before anything is stored: what a worker would refuse costs neither the queue nor the database. */
function refuseRefused(turn: NamedTurn, { refusedUsers, metrics }: QuestionDeps): void {
  const refusal = refusedUsers.refuse(turn)
  if (!refusal) return
  metrics.acceptances.add(1, { result: 'refused_user' })
  const { code, error, fields } = refusal
  throw new RequestRefused(code, { error, fields: { session_id: turn.session_id, ...fields } })
}

async function readMessage(
  request: IncomingMessage,
  { session_id, client_msg_id }: NamedTurn,
  { config }: { config: Pick<EdgeConfig, 'EDGE_FRAME_BYTES' | 'EDGE_TEXT_LENGTH'> },
): Promise<UserMessage> {
  const body = await readBody(request, { maxBytes: config.EDGE_FRAME_BYTES })
  const text = parseQuestion(body, { textLength: config.EDGE_TEXT_LENGTH })
  return {
    session_id,
    conversation_id: null,
    source: 'sse',
    client_msg_id,
    text,
    replaces: null,
  }
}

const codes = { unknown: 'accept_unknown', refused: 'unavailable' } as const

function refuseUnaccepted(
  acceptance: keyof typeof codes,
  { session_id }: UserMessage,
  { config }: { config: Pick<EdgeConfig, 'EDGE_RETRY_AFTER_MS'> },
): RequestRefused {
  const fields = { session_id, retry_after_ms: config.EDGE_RETRY_AFTER_MS }
  return new RequestRefused(codes[acceptance], { fields })
}
