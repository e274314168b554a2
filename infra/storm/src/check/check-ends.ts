import { isTerminalFrameType } from '@omni2/contracts'
import { turnOf, type ConnectionView, type Frame, type StormRecord, type Violation } from '../record.ts'

/** Every accepted turn has ended, and each connection saw one end of it at most. */
export function checkEnds({ asked, turns, connections }: StormRecord): Violation[] {
  const stored = new Map(turns.map((turn) => [turn.session_id, turn]))
  const lost = asked.flatMap(({ session_id, client, accepted, ended }): Violation[] => {
    if (!accepted) return []
    const turn = stored.get(session_id)
    if (!turn) return [{ invariant: 'lost', session_id, detail: `${client}: accepted, and no row knows it` }]
    if (!turn.ended) return [{ invariant: 'unended', session_id, detail: `it is still ${turn.status}` }]
    return ended ? [] : [{ invariant: 'unended', session_id, detail: `${client} never saw the end` }]
  })
  return [...lost, ...connections.flatMap(findSecondEnds)]
}

/** `accepted` asks for the end again; `finished` answers a resume with it. */
function findSecondEnds({ client, frames }: ConnectionView): Violation[] {
  const ended = new Set<string>()
  return frames.flatMap(({ frame }): Violation[] => {
    const session_id = turnOf(frame)
    if (frame.type === 'accepted') ended.delete(session_id)
    if (!isEnd(frame)) return []
    if (ended.has(session_id))
      return [{ invariant: 'two ends', session_id, detail: `${client} got ${frame.type} after an end` }]
    ended.add(session_id)
    return []
  })
}

/** An `error` of attempt 0 answers a frame of the client, and ends nothing. */
export const isEnd = ({ type, attempt }: Frame): boolean =>
  type === 'finished' || (isTerminalFrameType(type) && (type !== 'error' || Number(attempt) > 0))
