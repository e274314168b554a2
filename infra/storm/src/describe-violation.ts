import type { StormRecord, Violation } from './record.ts'

/** Lines of a story at most. */
const mostLines = 60

/** What broke, and everything that clients saw of the turn that it concerns, with the faults around it. */
export function describeViolation(violation: Violation, record: StormRecord): string {
  const { invariant, detail, session_id } = violation
  const head = `${invariant}: ${detail}`
  if (session_id === undefined) return head
  const seen = record.connections.flatMap(({ client, frames }) =>
    frames
      .filter(({ frame }) => frame['session_id'] === session_id)
      .map(({ at, frame }) => ({ at, line: `${client} got ${describeFrame(frame)}` })),
  )
  const [first, last] = [Math.min(...seen.map(({ at }) => at)), Math.max(...seen.map(({ at }) => at))]
  const faults = record.faults
    .filter(({ at }) => at > first - 5000 && at < last + 1000)
    .map(({ at, what }) => ({ at, line: `-- ${what}` }))
  const turn = record.turns.find((stored) => stored.session_id === session_id)
  const lines = [...seen, ...faults]
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, line }) => `  ${(at / 1000).toFixed(2)} s  ${line}`)
  const shown =
    lines.length <= mostLines
      ? lines
      : [...lines.slice(0, mostLines / 2), '  …', ...lines.slice(-mostLines / 2)]
  const stored = turn
    ? `row: ${turn.status}, attempt ${turn.attempt}, ${turn.audit_rows} audit rows`
    : 'no row'
  return [head, `  turn ${session_id}, ${stored}`, ...shown].join('\n')
}

function describeFrame(frame: Readonly<Record<string, unknown>>): string {
  const { type, attempt, from, seq, text, code } = frame
  const said = typeof text === 'string' ? ` ${JSON.stringify(text.slice(0, 30))}` : ''
  return `${String(type)} ${String(attempt)}:${String(from)}-${String(seq)}${typeof code === 'string' ? ` ${code}` : ''}${said}`
}
