import { encodeTurnFrame, errorCodes, subjects, type Activity, type Settlement } from '@omni2/contracts'
import { PublishRefusedError, type Bus } from '@omni2/bus'
import { TerminalError } from '@omni2/service-kit'
import { countOutcome, type CountDeps, type OutcomeFacts } from './count-outcome.ts'
import { describeQuestion } from './describe-question.ts'
import { publishFlowMessage } from '../record/publish-flow-message.ts'
import type { EndedTurn } from './ended-turn.ts'
import type { RecentOutcomes } from './recent-outcomes.ts'

export interface RepeatDeps {
  bus: Pick<Bus, 'publish' | 'publishDurably'>
  recentOutcomes: Pick<RecentOutcomes, 'add'>
}

export type AnnounceDeps = RepeatDeps & CountDeps

/** Counts a turn that this worker has just ended, and publishes its end. */
export async function publishOutcome(
  turn: EndedTurn,
  outcome: OutcomeFacts,
  deps: AnnounceDeps,
): Promise<void> {
  countOutcome(turn, outcome, deps)
  await sendOutcome(turn, deps)
}

/**
 * Publishes the end of a turn to clients and the recorder, from its row alone, so that a repetition after a crash is
 * identical. Resolves when the settlement is stored. Throws TerminalError if it can never be stored.
 */
export async function sendOutcome(turn: EndedTurn, { bus, recentOutcomes }: RepeatDeps): Promise<void> {
  recentOutcomes.add(turn)
  publishTerminalFrame(turn, bus)
  await storeSettlement(turn, bus)
}

/** A settlement that no server will ever accept is left to an operator, because every try would fail. */
async function storeSettlement(turn: EndedTurn, bus: RepeatDeps['bus']): Promise<void> {
  try {
    await publishFlowMessage(makeSettlement(turn), bus)
  } catch (error) {
    if (!(error instanceof PublishRefusedError) || !error.isTooLarge) throw error
    throw new TerminalError('internal', 'the settlement is too large for its stream', { cause: error })
  }
}

/** Publishes the terminal frame to all that follow the turn. */
export const publishTerminalFrame = (turn: EndedTurn, bus: Pick<Bus, 'publish'>): void =>
  bus.publish(subjects.reply(turn, turn.terminal.type), encodeTerminalFrame(turn))

/**
 * The terminal frame of an ended turn, ready to send. It contains the question if it is the only frame of the attempt,
 * or if the receiver has seen no frame (`whole`).
 */
export function encodeTerminalFrame(turn: EndedTurn, { whole = false } = {}): Uint8Array {
  const { session_id, attempt, terminal, ended_at } = turn
  const { type, seq, body } = terminal
  const question = whole || seq === 1 ? describeQuestion(turn.user_text, turn.replaces) : {}
  return encodeTurnFrame(
    { type, session_id, attempt, from: seq, seq },
    { ...body, ...question, ended_at: ended_at.toISOString() },
  )
}

/** Whether a check refused the turn. */
export const isRefused = ({ status }: Pick<EndedTurn, 'status'>): boolean =>
  status === 'refused' || status === 'blocked'

/** Replaces the text in the record of a refused turn. The row of the turn keeps the beginning. */
const refusedQuestion = '[refused: see the turn]'

function makeSettlement(turn: EndedTurn): Settlement {
  const { body } = turn.terminal
  return {
    kind: 'settlement',
    session_id: turn.session_id,
    user_id: turn.user_id,
    conversation_id: turn.conversation_id,
    source: turn.source,
    attempt: turn.attempt,
    status: turn.status,
    accepted_at: turn.created_at.toISOString(),
    ended_at: turn.ended_at.toISOString(),
    question: isRefused(turn) ? refusedQuestion : turn.user_text,
    error: turn.status === 'done' ? null : describeError(turn),
    result: body.result ?? null,
    activities: isRefused(turn) ? [] : listActivities(turn),
  }
}

function describeError({ status, terminal: { body } }: EndedTurn): Settlement['error'] {
  const code = body.code ?? status
  return {
    code,
    text: body.error ?? body.message ?? (status === 'cancelled' ? 'cancelled' : errorCodes.internal.text),
  }
}

function listActivities(turn: EndedTurn): Activity[] {
  const { result } = turn.terminal.body
  const asked: Activity = {
    activity_type: 'user_message',
    activity_data: { message: turn.user_text },
    duration_ms: null,
    created_at: turn.created_at.toISOString(),
  }
  const { activities: tools = [] } = turn.terminal
  if (!result) return [asked, ...tools]
  const answered: Activity = {
    activity_type: 'assistant_response',
    activity_data: {
      message: result.answer,
      model: result.model,
      stop_reason: result.stop_reason,
      tokens_input: result.tokens_input,
      tokens_output: result.tokens_output,
      cost_usd: result.cost_usd,
    },
    duration_ms: result.duration_ms,
    created_at: turn.ended_at.toISOString(),
  }
  return [asked, ...tools, answered]
}
