import type { JsMsg } from '@omni2/bus'
import {
  flowMessageSchema,
  flowSubjectOf,
  parseExactJson,
  type DeadLetterCauseOf,
  type FlowMessage,
} from '@omni2/contracts'
import { z } from 'zod'
import { replaceUnstorable } from './replace-unstorable.ts'

/** A message and what it says. */
export interface ReadableMessage {
  readonly message: JsMsg
  readonly content: FlowMessage
}

/** A message that can never be recorded, and why. The detail may quote it: for the dead letter, not for logs. */
export interface PoisonMessage {
  readonly message: JsMsg
  readonly cause: DeadLetterCauseOf<'flow-recorder'>
  readonly detail: string
}

/** Parts a batch into what can be recorded and what can't. */
export function decodeMessages(batch: readonly JsMsg[]): {
  readable: ReadableMessage[]
  unreadable: PoisonMessage[]
} {
  const decoded = batch.map(decodeMessage)
  return {
    readable: decoded.filter((message) => 'content' in message),
    unreadable: decoded.filter((message) => 'cause' in message),
  }
}

/** Reads one message; its subject must be the one of its session, for the service that may publish its content. */
function decodeMessage(message: JsMsg): ReadableMessage | PoisonMessage {
  const json = parseJson(Buffer.from(message.data).toString('utf8'))
  if ('problem' in json) return { message, cause: 'not_json', detail: json.problem }
  const parsed = flowMessageSchema.safeParse(json.value)
  if (!parsed.success) return { message, cause: 'not_a_flow_message', detail: z.prettifyError(parsed.error) }
  const subject = flowSubjectOf(parsed.data)
  if (message.subject !== subject) return { message, cause: 'wrong_subject', detail: `belongs to ${subject}` }
  return { message, content: parsed.data }
}

function parseJson(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: parseExactJson(replaceUnstorable(text)) }
  } catch (error) {
    return { problem: String(error) }
  }
}
