import { turnOf, type ConnectionView, type Frame, type StormRecord, type Violation } from '../record.ts'

/** Frames of the edge's own, which stand outside the order of a turn, and answers that set a position. */
const positions = new Set(['snapshot', 'resumed'])
const outside = new Set(['accepted', 'waiting', 'finished', 'unrecoverable'])

/** Each view of a turn has no gap within an attempt, no attempt comes back, and nothing is another user's. */
export function checkViews({ connections, turns }: StormRecord): Violation[] {
  const owners = new Map(turns.map(({ session_id, user_id }) => [session_id, user_id]))
  return connections.flatMap((connection) => [...findGaps(connection), ...findForeign(connection, owners)])
}

function findGaps({ client, frames }: ConnectionView): Violation[] {
  const seen = new Map<string, { attempt: number; seq: number }>()
  return frames.flatMap(({ frame }): Violation[] => {
    const place = readPlace(frame)
    if (!place) return []
    const { session_id, attempt, from, seq } = place
    const last = seen.get(session_id)
    seen.set(session_id, { attempt, seq })
    const found = (detail: string) => [{ invariant: 'order', session_id, detail: `${client}: ${detail}` }]
    if (positions.has(frame.type)) return []
    if (!last || attempt > last.attempt)
      return from === 1 || last === undefined ? [] : found(`attempt ${attempt} begins with frame ${from}`)
    if (attempt < last.attempt) return found(`${frame.type} of attempt ${attempt} after ${last.attempt}`)
    return from === last.seq + 1
      ? []
      : found(`${frame.type} ${from} follows ${last.seq} of attempt ${attempt}`)
  })
}

/** Undefined for frames outside the order. */
function readPlace(frame: Frame) {
  const { type, session_id, attempt, from, seq } = frame
  if (typeof session_id !== 'string' || outside.has(type) || Number(attempt) === 0) return undefined
  if (Number(seq) >= 1_000_000) return undefined
  return { session_id, attempt: Number(attempt), from: Number(from), seq: Number(seq) }
}

function findForeign(
  { client, user_id, frames }: ConnectionView,
  owners: ReadonlyMap<string, number>,
): Violation[] {
  const foreign = new Set<string>()
  for (const { frame } of frames) {
    const owner = owners.get(turnOf(frame))
    if (owner !== undefined && owner !== user_id) foreign.add(turnOf(frame))
  }
  return [...foreign].map((session_id) => ({
    invariant: 'privacy',
    session_id,
    detail: `${client} of user ${user_id} got frames of another user's turn`,
  }))
}
