import type { ModelFailure } from '../model/classify-failure.ts'
import { addUsage, noUsage, type Usage } from '../prices.ts'
import type { ModelReply } from '../model/stream-reply.ts'
import type { Refusal } from '../record/step.ts'
import type { ToolStatus } from '../tools/toolbox.ts'

/** What the model said in a turn and the tools it called for it, as far as it got. */
export interface Transcript {
  /** The text of all its replies, as the client has it. */
  text: string
  model: string
  /** Null as long as no reply came to its end. */
  stopReason: string | null
  usage: Usage
  /** Model calls made, failed ones included. */
  calls: number
  tools: readonly CalledTool[]
  /** A tool was called that must not be called again: no other attempt may start the turn again. */
  isCommitted: boolean
  /** The model came to its end by itself. */
  isWhole: boolean
  /** How the last call failed. */
  failure?: ModelFailure | undefined
  /** Why the budget allowed no further call. */
  refusal?: Refusal
  /** What the reader of the answer should know about it. */
  warning?: string | undefined
}

/** A tool call of a turn, whole, as the record keeps it. */
export interface CalledTool {
  call_id: string
  mcp: string
  tool: string
  input: unknown
  /** ISO 8601, as are all times. */
  called_at: string
  /** Null if the result is unknown because its worker died. */
  answer: ToolAnswer | null
}

export interface ToolAnswer {
  status: ToolStatus
  /** What the model was given. */
  content: string
  /** The rule that permitted or refused the call. */
  rule: string
  duration_ms: number
  answered_at: string
}

/** The beginning of a turn: nothing said, nothing spent. */
export const emptyTranscript = (model: string): Transcript => ({
  text: '',
  model,
  stopReason: null,
  usage: noUsage,
  calls: 0,
  tools: [],
  isCommitted: false,
  isWhole: false,
})

/** What was said with one more reply of the model. */
export const addReply = (said: Transcript, reply: ModelReply & Pick<Transcript, 'failure'>): Transcript => ({
  ...said,
  text: said.text + reply.text,
  model: reply.model,
  stopReason: reply.stopReason,
  usage: addUsage(said.usage, reply.usage),
  calls: said.calls + 1,
  failure: reply.failure,
})
