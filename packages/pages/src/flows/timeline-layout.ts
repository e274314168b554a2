import { type FlowDetails, type FlowEvent, textOf } from './flow.ts'

export type RowKind = 'view' | 'queue' | 'check' | 'model' | 'tool' | 'settle' | 'record'

/** A row of a timeline. Times are milliseconds since the turn was accepted. */
export interface TimelineRow {
  readonly id: string
  readonly kind: RowKind
  readonly label: string
  /** 0, or 1 for a part of the row before it. */
  readonly depth: 0 | 1
  readonly attempt: number
  readonly from: number
  readonly to: number
  /** Whether it goes on: `to` is now. */
  readonly isOpen: boolean
  readonly outcome: FlowEvent['outcome'] | 'superseded'
  /** What was measured, asked or found. */
  readonly data: Readonly<Record<string, unknown>>
}

export interface Timeline {
  /** Length of the axis, in milliseconds; never 0. */
  readonly length: number
  readonly rows: readonly TimelineRow[]
  /** Where a worker's turn was taken over by the next attempt. */
  readonly takeovers: readonly { readonly at: number; readonly attempt: number }[]
}

/** A part of the axis, in milliseconds since the turn was accepted. */
export interface Section {
  readonly from: number
  readonly to: number
}

/** Shortest part of the axis that is shown, in milliseconds. */
const shortest = 2

/** The part of the axis that shows a row with as much again around it. */
export function zoomTo({ from, to }: Section, length: number): Section {
  const took = Math.max(to - from, shortest)
  return { from: Math.max(0, from - took / 2), to: Math.min(length, from + took * 1.5) }
}

const checkNames: Readonly<Record<string, string>> = {
  auth_check: 'Account and login',
  block_check: 'Block',
  usage_check: 'Limits',
  mcp_permission_check: 'MCP servers',
  tool_filter: 'Tools offered',
}

/** Lays out what a turn's checkpoints say on one axis, attempts below one another; `now` is Unix milliseconds. */
export function layOutTimeline(turn: FlowDetails, now: number): Timeline {
  const begin = Date.parse(turn.created_at)
  const since = (at: string) => Math.max(0, Date.parse(at) - begin)
  const end = turn.ended_at === null ? Math.max(1, now - begin) : Math.max(1, since(turn.ended_at))
  const attempts = [...new Set(turn.events.map(({ attempt }) => attempt))].filter((attempt) => attempt > 0)
  const rows: TimelineRow[] = []
  const takeovers: { at: number; attempt: number }[] = []
  let free = 0
  for (const attempt of attempts) {
    const events = turn.events.filter((event) => event.attempt === attempt)
    const isLast = attempt === attempts.at(-1)
    const first = since(events[0]?.at ?? turn.created_at)
    const claimed = isLast && turn.started_at !== null ? Math.min(first, since(turn.started_at)) : first
    if (attempt > 1) takeovers.push({ at: claimed, attempt })
    rows.push({
      ...rowOf(
        'queue',
        attempt === 1 ? 'Waiting in the queue' : 'Until it was taken over',
        attempt,
        free,
        claimed,
      ),
      data: attempt === 1 ? { worker: turn.claimed_by } : {},
    })
    const until = isLast ? end : since(events.at(-1)?.at ?? turn.created_at)
    rows.push(
      ...layOutAttempt(events, { attempt, claimed, until, isLast, isRunning: turn.ended_at === null, since }),
    )
    free = until
  }
  if (attempts.length === 0)
    rows.push({ ...rowOf('queue', 'Waiting in the queue', 0, 0, end), isOpen: turn.ended_at === null })
  if (turn.ended_at !== null && turn.events.length > 0) rows.push(layOutRecord(turn, end, since))
  rows.unshift(...layOutView(turn, { end, since, takeovers }))
  return { length: Math.max(end, ...rows.map(({ to }) => to), 1), rows, takeovers }
}

interface ViewOf {
  readonly end: number
  readonly since: (at: string) => number
  readonly takeovers: Timeline['takeovers']
}

/** What stood before a viewer who looked on from the first moment: nothing yet, text, text that a restart took back, the end. */
function layOutView(turn: FlowDetails, { end, since, takeovers }: ViewOf): TimelineRow[] {
  const parts: TimelineRow[] = []
  let at = 0
  const show = (label: string, to: number, attempt: number, more: Partial<TimelineRow> = {}) => {
    const row = rowOf('view', label, attempt, at, to)
    parts.push({ ...row, id: `view.${parts.length}`, depth: 1, ...more })
    at = Math.max(at, to)
  }
  const asksOf = (attempt: number) =>
    turn.events.find((event) => event.attempt === attempt && event.event_type === 'llm_thinking')
  for (const takeover of takeovers) {
    const attempt = takeover.attempt - 1
    const asked = asksOf(attempt)
    show(at === 0 ? 'Waits' : 'Waits again', asked ? since(asked.at) : takeover.at, attempt)
    if (asked) show(`Text of attempt ${attempt}, taken back`, takeover.at, attempt, { outcome: 'superseded' })
  }
  const isRunning = turn.ended_at === null
  const complete = turn.events.findLast(({ event_type }) => event_type === 'llm_complete')
  const afterClaim = complete?.data['first_token_ms']
  const textAt =
    typeof afterClaim === 'number' && turn.started_at !== null
      ? since(turn.started_at) + afterClaim
      : undefined
  const asked = asksOf(turn.attempt)
  const answerAt = textAt ?? (isRunning && asked ? since(asked.at) : end)
  show(at === 0 ? 'Waits' : 'Waits again', Math.min(end, answerAt), turn.attempt, {
    isOpen: isRunning && answerAt === end,
  })
  if (isRunning && answerAt < end) show('Text as it comes', end, turn.attempt, { isOpen: true })
  if (!isRunning && textAt !== undefined) show('Answer', end, turn.attempt)
  if (!isRunning && turn.error !== null)
    show('Why there is no answer', end, turn.attempt, { outcome: 'failed', data: { error: turn.error } })
  return [{ ...rowOf('view', 'Seen by a viewer', turn.attempt, 0, end), id: 'view' }, ...parts]
}

/** From the end of a turn to its last checkpoint in the tables: how far the history was behind. */
function layOutRecord(
  { events, attempt }: FlowDetails,
  end: number,
  since: (at: string) => number,
): TimelineRow {
  const recorded = Math.max(...events.map(({ recorded_at }) => since(recorded_at)))
  return {
    ...rowOf('record', 'Recorded', attempt, Math.min(end, recorded), recorded),
    data: { checkpoints: events.length },
  }
}

interface AttemptOf {
  readonly attempt: number
  readonly claimed: number
  readonly until: number
  readonly isLast: boolean
  readonly isRunning: boolean
  readonly since: (at: string) => number
}

function layOutAttempt(events: readonly FlowEvent[], of: AttemptOf): TimelineRow[] {
  const { attempt, claimed, until, isLast, isRunning, since } = of
  const rows: TimelineRow[] = []
  const checks = events.filter(({ event_type }) => event_type in checkNames)
  let at = claimed
  for (const event of checks) {
    const label = checkNames[event.event_type] ?? event.event_type
    rows.push({
      ...rowOf('check', label, attempt, at, since(event.at)),
      outcome: event.outcome,
      data: event.data,
      depth: 1,
    })
    at = since(event.at)
  }
  const failed = checks.find(({ outcome }) => outcome === 'refused' || outcome === 'failed')
  if (checks.length > 0)
    rows.unshift({
      ...rowOf('check', 'Checks', attempt, claimed, at),
      id: `${attempt}.checks`,
      outcome: failed?.outcome ?? 'passed',
    })
  const rounds = events.filter(({ event_type }) => event_type === 'llm_thinking')
  for (const [index, round] of rounds.entries()) {
    const next = rounds[index + 1]
    const within = events.filter(
      ({ ordinal }) => ordinal > round.ordinal && (next === undefined || ordinal < next.ordinal),
    )
    const stop = within.find(({ event_type }) => event_type !== 'tool_result')
    const isOpen = isLast && isRunning && stop === undefined
    rows.push({
      ...rowOf('model', `Model, round ${index + 1}`, attempt, since(round.at), stop ? since(stop.at) : until),
      isOpen,
      outcome: stop?.event_type === 'error' ? 'failed' : 'passed',
      data: { ...round.data, ...(stop?.event_type === 'llm_complete' ? stop.data : {}) },
    })
    rows.push(...layOutTools(within, of))
  }
  const last = events.at(-1)
  if (last && isLast && !isRunning && (last.event_type === 'llm_complete' || last.event_type === 'error'))
    rows.push({
      ...rowOf('settle', last.event_type === 'error' ? 'Ended' : 'Settled', attempt, since(last.at), until),
      outcome: last.outcome,
      data: last.data,
    })
  return isLast ? rows : rows.map(supersede)
}

function layOutTools(
  events: readonly FlowEvent[],
  { attempt, until, isLast, isRunning, since }: AttemptOf,
): TimelineRow[] {
  const results = new Map(
    events
      .filter(({ event_type }) => event_type === 'tool_result')
      .map((event) => [event.data['call_id'], event]),
  )
  const layOut = (call: FlowEvent): TimelineRow => {
    const result = results.get(call.data['call_id'])
    const name = `${textOf(call.data['mcp'])}.${textOf(call.data['tool'])}`
    return {
      ...rowOf('tool', name, attempt, since(call.at), result ? since(result.at) : until),
      id: `${attempt}.${call.ordinal}`,
      depth: 1,
      isOpen: isLast && isRunning && result === undefined,
      outcome: result?.outcome ?? 'failed',
      data: { ...call.data, ...result?.data },
    }
  }
  return events.filter(({ event_type }) => event_type === 'tool_call').map(layOut)
}

const supersede = (row: TimelineRow): TimelineRow => ({ ...row, outcome: 'superseded', isOpen: false })

const rowOf = (kind: RowKind, label: string, attempt: number, from: number, to: number): TimelineRow => ({
  id: `${attempt}.${kind}.${label}`,
  kind,
  label,
  depth: 0,
  attempt,
  from,
  to: Math.max(from, to),
  isOpen: false,
  outcome: 'passed',
  data: {},
})

/** Round places for the marks of an axis, about five of them, in milliseconds. */
export function chooseTicks(length: number): number[] {
  const raw = length / 5
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw) ?? raw
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
}
