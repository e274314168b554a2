import { PlainViewer } from '@omni2/testkit'
import type { Frame } from './open-conversation.ts'

/** Reads a stream of events to its end, as a plain viewer does too. */
export async function readEvents(response: Response): Promise<{ event: string; id: string; data: Frame }[]> {
  const blocks = (await response.text()).split('\n\n')
  const viewer = new PlainViewer()
  return blocks.flatMap((block) => {
    const fields = new Map(
      block
        .split('\n')
        .map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 1).trim()]),
    )
    const [event, id, data] = ['event', 'id', 'data'].map((name) => fields.get(name))
    return event && data ? [{ event, id: id ?? '', data: viewer.take(JSON.parse(data) as Frame) }] : []
  })
}

/** The text that the frames bring. */
export const joinTokens = (frames: readonly Frame[]) =>
  frames
    .filter(({ type }) => type === 'token')
    .map((frame) => String(frame['text']))
    .join('')
