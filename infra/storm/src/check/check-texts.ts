import { PlainViewer } from '@omni2/testkit/plain-viewer'
import { turnOf, type StormRecord, type Violation } from '../record.ts'
import { isEnd } from './check-ends.ts'

/**
 * What a client shows that knows only `token`, `restart`, `snapshot` and the end is the stored answer, and the stored
 * answer is what the model server sent, or its beginning where the turn was stopped.
 */
export function checkTexts({ connections, turns, modelTexts }: StormRecord): Violation[] {
  const stored = new Map(turns.map((turn) => [turn.session_id, turn]))
  const sent = new Set(modelTexts)
  // A client keeps what it shows over its connections.
  const viewers = new Map(connections.map(({ client }) => [client, new PlainViewer()]))
  const shown = connections.flatMap(({ client, frames }): Violation[] => {
    const viewer = viewers.get(client) ?? new PlainViewer()
    return frames.flatMap(({ frame }): Violation[] => {
      const session_id = turnOf(frame)
      try {
        viewer.take(frame)
      } catch (error) {
        viewer.leaveOut(session_id)
        return [{ invariant: 'text shown', session_id, detail: `${client}: ${String(error)}` }]
      }
      const answer = isEnd(frame) ? readAnswer(frame) : undefined
      if (answer === undefined || answer === (stored.get(session_id)?.answer ?? '')) return []
      return [
        { invariant: 'text stored', session_id, detail: `${client} got another end than the stored one` },
      ]
    })
  })
  const unsaid = turns.flatMap(({ session_id, status, answer, flow_events }): Violation[] => {
    if (!answer || flow_events.some(({ event_type }) => event_type === 'tool_call')) return []
    const isSaid = status === 'done' ? sent.has(answer) : modelTexts.some((text) => text.startsWith(answer))
    return isSaid
      ? []
      : [{ invariant: 'text sent', session_id, detail: 'the model server sent no such text' }]
  })
  return [...shown, ...unsaid]
}

/** Undefined for an end without a result. */
function readAnswer({ type, frame, result }: Readonly<Record<string, unknown>>): string | undefined {
  const end = type === 'finished' ? (frame as Readonly<Record<string, unknown>>)['result'] : result
  return (end as { answer?: string } | undefined)?.answer
}
