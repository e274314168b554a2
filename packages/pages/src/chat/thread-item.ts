import type { ChatError, SpokenTurn } from '@omni2/client'
import type { Exchange, ToolUse } from '@omni2/react'

/** A question with its answer as the thread shows it, of the past or running. */
export interface ThreadItem {
  /** Stays the same while it is accepted, runs, ends and becomes an earlier turn: under the pointer it stays the same button. */
  readonly key: string
  readonly turnId: string | undefined
  /** Of an exchange of this connection, to stop it. */
  readonly exchangeKey: string | undefined
  readonly question: string
  readonly text: string
  readonly state: Exchange['state']
  readonly tools: readonly ToolUse[]
  readonly warnings: readonly string[]
  readonly notice: Exchange['notice']
  readonly error: ChatError | undefined
  /** Why an earlier turn failed, for people. */
  readonly failure: string | undefined
  readonly replaces: string | undefined
  readonly spent: Spent | undefined
  /** Questions with their answers that this one has replaced, the oldest first. */
  readonly versions: readonly ThreadItem[]
}

/** What a turn took; cost in USD. */
interface Spent {
  readonly model: string | null
  readonly tokens: number
  readonly costUsd: number
  readonly durationMs: number | null
}

/** The thread of a conversation: its earlier turns, the oldest first, then what this connection has seen since. */
export function makeThread(earlier: readonly SpokenTurn[], exchanges: readonly Exchange[]): ThreadItem[] {
  const live = new Map(exchanges.map((exchange) => [exchange.turnId, exchange]))
  const known = new Set(earlier.map(({ session_id }) => session_id))
  const items = earlier.map((turn) => {
    const exchange = live.get(turn.session_id)
    return exchange ? itemOfExchange(exchange) : itemOfTurn(turn)
  })
  const later = exchanges
    .filter(({ turnId }) => turnId === undefined || !known.has(turnId))
    .map(itemOfExchange)
  return foldVersions([...items, ...later])
}

/** A turn that replaces another one stands in its place; what followed that one is gone with it. */
function foldVersions(items: readonly ThreadItem[]): ThreadItem[] {
  const shown: ThreadItem[] = []
  for (const item of items) {
    const place = shown.findIndex(
      ({ turnId, versions }) =>
        item.replaces !== undefined &&
        (turnId === item.replaces || versions.some((version) => version.turnId === item.replaces)),
    )
    const [replaced] = place < 0 ? [] : shown.splice(place)
    shown.push(replaced ? { ...item, versions: [...replaced.versions, { ...replaced, versions: [] }] } : item)
  }
  return shown
}

function itemOfExchange(exchange: Exchange): ThreadItem {
  const { key, turnId, question, text, state, tools, warnings, notice, error, replaces, result } = exchange
  const spent = result ?? error?.result
  return {
    key,
    exchangeKey: key,
    turnId,
    question,
    text,
    state,
    tools,
    warnings,
    notice,
    error,
    failure: undefined,
    replaces,
    spent: spent && {
      model: spent.model,
      tokens: spent.tokens_input + spent.tokens_output,
      costUsd: spent.cost_usd,
      durationMs: spent.duration_ms,
    },
    versions: [],
  }
}

const states: Readonly<Record<SpokenTurn['status'], ThreadItem['state']>> = {
  queued: 'running',
  running: 'running',
  done: 'done',
  cancelled: 'cancelled',
  error: 'failed',
  interrupted: 'failed',
  refused: 'failed',
  blocked: 'failed',
}

function itemOfTurn(turn: SpokenTurn): ThreadItem {
  const state = states[turn.status]
  return {
    key: turn.session_id,
    exchangeKey: undefined,
    turnId: turn.session_id,
    question: turn.user_text,
    text: turn.answer ?? '',
    state,
    tools: turn.tools.map(({ call_id, name, input, status, duration_ms }) => ({
      callId: call_id,
      name,
      input,
      status: status ?? 'cancelled',
      durationMs: duration_ms ?? undefined,
    })),
    warnings: [],
    notice: undefined,
    error: undefined,
    failure: state === 'failed' ? (turn.error ?? 'It did not end with a whole answer.') : undefined,
    replaces: turn.replaces ?? undefined,
    spent: {
      model: turn.model,
      tokens: (turn.tokens_input ?? 0) + (turn.tokens_output ?? 0),
      costUsd: turn.cost_usd ?? 0,
      durationMs: turn.duration_ms,
    },
    versions: [],
  }
}
