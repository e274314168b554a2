import { consumers, requests, statusReplySchema, streams } from '@omni2/contracts'
import { z } from 'zod'
import { findNextMessage } from '../request/find-next-message.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'

const queueSchema = z.object({
  name: z.enum(['turns', 'flow_events']),
  /** Messages that no process has taken yet; null where the queue does not exist right now. */
  waiting: z.int().nullable(),
  /** Messages that a process has and has not finished: running turns, or events that are being written. */
  in_hand: z.int().nullable(),
  /** When the oldest of those that wait was stored. */
  oldest_waiting_at: z.date().nullable(),
})

type Queue = z.infer<typeof queueSchema>

/** How long processes are waited for, in milliseconds; one that is frozen is not listed. */
const waitMs = 400

export const readSystem = defineOperation({
  id: 'readSystem',
  method: 'GET',
  path: '/system',
  summary: 'Edges, workers, recorders and consoles that answer right now, the queues, and the dead letters.',
  answer: z.object({
    processes: z.array(statusReplySchema),
    queues: z.array(queueSchema),
    dead_letters: z.int(),
  }),
  handle: async (_input, context) => {
    const [processes, turns, flowEvents, letters] = await Promise.all([
      context.bus.gather(requests.status, {}, { waitMs }),
      readQueue('turns', consumers['chat-worker'], context),
      readQueue('flow_events', consumers['flow-recorder'], context),
      context.letters.streams.info(streams.DEAD_LETTERS.name),
    ])
    const nameOf = ({ service, instance }: (typeof processes)[number]) => `${service} ${instance}`
    return {
      processes: processes.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other), 'en')),
      queues: [turns, flowEvents],
      dead_letters: letters.state.messages,
    }
  },
})

async function readQueue(
  name: Queue['name'],
  { stream, durable_name }: { readonly stream: string; readonly durable_name: string },
  { letters, log }: Pick<RequestContext, 'letters' | 'log'>,
): Promise<Queue> {
  try {
    const state = await letters.consumers.info(stream, durable_name)
    const { num_pending: waiting, num_ack_pending: in_hand, delivered } = state
    const behind = { stream, after: delivered.stream_seq, subject: '>' }
    const oldest = waiting === 0 ? null : await findNextMessage(behind, letters)
    return { name, waiting, in_hand, oldest_waiting_at: oldest?.time ?? null }
  } catch (err) {
    log.info({ err, stream }, 'queue not read')
    return { name, waiting: null, in_hand: null, oldest_waiting_at: null }
  }
}
