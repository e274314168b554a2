import type { IncomingMessage } from 'node:http'
import { makeTurnId, type ErrorCodeName, type Identity } from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'
import { makeTurnFrame } from '../frames/make-frame.ts'
import type { UserMessage } from '../message/user-message.ts'
import { runTurn, unacceptedCodes, type Asker, type RunDeps } from '../turn/run-turn.ts'
import type { AskResponse } from './ask-response.ts'
import { parseQuestion } from './parse-question.ts'
import { readBody } from './read-body.ts'
import { readIdempotencyKey } from './read-idempotency-key.ts'
import { RequestRefused, type RefusalDetails } from './request-refused.ts'

export interface QuestionDeps extends RunDeps {
  /** Turns that are answered here now, with their users. */
  readonly answering: Map<string, number>
}

/** Answers a question with the events of its turn. */
export async function askQuestion(
  request: IncomingMessage,
  response: AskResponse,
  deps: QuestionDeps,
): Promise<void> {
  const turn = nameTurn(request, response.identity)
  response.nameTurn(turn.session_id)
  const message = await readMessage(request, turn, deps)
  await runTurn(message, askOverSse(message, response, deps), deps)
}

/** A response as the asker of its question: an answer before the head is a status. */
function askOverSse(
  { session_id, client_msg_id }: UserMessage,
  response: AskResponse,
  { answering, config }: QuestionDeps,
): Asker {
  const refuse = (code: ErrorCodeName, { fields, ...details }: RefusalDetails = {}) =>
    response.refuse(new RequestRefused(code, { ...details, fields: { session_id, ...fields } }))
  return {
    identity: response.identity,
    log: response.log,
    ended: response.ended,
    send: (bytes, head) => response.send(bytes, head),
    refuse: ({ code, error, fields }) => refuse(code, { error, fields }),
    answerUnaccepted: (acceptance) =>
      refuse(unacceptedCodes[acceptance], { fields: { retry_after_ms: config.EDGE_RETRY_AFTER_MS } }),
    answerMismatch: () => refuse('idempotency_mismatch'),
    follow: () => {},
    confirmAccepted: () => {
      response.limitHold()
      response.send(makeTurnFrame('accepted', session_id, { client_msg_id }))
      answering.set(session_id, response.identity.user_id)
    },
    finish: () => {
      answering.delete(session_id)
      response.finish()
    },
  }
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
