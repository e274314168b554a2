import type { TurnSource, TurnStatus } from '@omni2/contracts'
import type { Defaulted, Instant, Json, Nullable, Numeric } from './column.ts'

/** `omni2.turns`: the row that decides a turn. */
export interface Turns {
  session_id: string
  /** Null: came over SSE. */
  conversation_id: Nullable<string>
  user_id: number
  source: TurnSource
  client_msg_id: Nullable<string>
  user_text: Defaulted<string>
  /** The session_id of the turn this one edits or regenerates. */
  replaces: Nullable<string>
  /** Of the whole text and `replaces`, see makeQuestionDigest; null until a worker has seen the turn's message. */
  question_digest: Nullable<string>
  status: TurnStatus
  /** The fence: rises with each claim; 0 = never claimed. */
  attempt: Defaulted<number>
  claimed_by: Nullable<string>
  /** Where the message of the turn is acknowledged, until its end or until another worker returned it to the queue. */
  ack_subject: Nullable<string>
  deadline_at: Nullable<Instant>
  cancel_requested_at: Nullable<Instant>
  tool_intents: Defaulted<Json>
  answer: Nullable<string>
  result: Nullable<Json>
  model: Nullable<string>
  /** Everything the model read, cached included. */
  tokens_input: Nullable<number>
  tokens_output: Nullable<number>
  tokens_cache_read: Nullable<number>
  tokens_cache_write: Nullable<number>
  cost_usd: Nullable<Numeric>
  estimated: Defaulted<boolean>
  /** What attempts that died may have spent at most, beside cost_usd and the tokens. */
  abandoned_cost_usd: Defaulted<Numeric>
  abandoned_tokens: Defaulted<number>
  /** Of an ended turn: an attempt of it passed its checks, so it counts as a request. */
  was_admitted: Defaulted<boolean>
  /** The model declined to answer: the declined question is not sent to it again. */
  was_declined: Defaulted<boolean>
  /** When the turn was accepted. */
  created_at: Defaulted<Instant>
  started_at: Nullable<Instant>
  /** Set exactly when the status is an end. */
  ended_at: Nullable<Instant>
}
