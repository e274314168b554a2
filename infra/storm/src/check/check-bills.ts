import type { StormRecord, Violation } from '../record.ts'

/** Every turn is recorded and billed once, and what was reserved for it is settled. */
export function checkBills({ turns }: StormRecord): Violation[] {
  return turns.flatMap((turn): Violation[] => {
    const { session_id, audit_rows, reservations, flow_status, flow_events, status } = turn
    const found = (invariant: string, detail: string): Violation => ({ invariant, session_id, detail })
    const violations: Violation[] = []
    if (audit_rows !== 1) violations.push(found('billed once', `${audit_rows} audit rows`))
    if (reservations > 0) violations.push(found('settled', 'its reservation is still there'))
    if (flow_status !== status) violations.push(found('recorded', `flow ${flow_status}, turn ${status}`))
    const places = flow_events.map(({ attempt, ordinal }) => attempt * 100_000 + ordinal)
    if (places.some((place, index) => index > 0 && place <= (places[index - 1] ?? 0)))
      violations.push(found('recorded', 'its events are out of order or twice'))
    return violations
  })
}
