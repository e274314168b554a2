import { ensureStreams, openBus } from '@omni2/bus'
import {
  deadLetterSchema,
  flowSubjectOf,
  makeFlowMessageId,
  subjects,
  type DeadLetter,
  type FlowMessage,
} from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { openTestDatabase, openTestNats } from '@omni2/testkit'
import { expect, vi } from 'vitest'

/** A database, a NATS server with its streams, and a way to publish as edges and workers do and to look as an operator. */
export async function openStand() {
  await using opening = new AsyncDisposableStack()
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const database = opening.use(await openTestDatabase())
  const nats = opening.use(await openTestNats())
  const connect = (user: 'ws-edge' | 'chat-worker' | 'migrate') =>
    openBus({ url: nats.urlFor(user), user, name: `test ${user}`, connectDeadlineMs: 10_000, log })
  const edge = opening.use(await connect('ws-edge'))
  const worker = opening.use(await connect('chat-worker'))
  const operator = opening.use(await connect('migrate'))
  const manager = await operator.openManager()
  await ensureStreams(manager, { streams: ['FLOW_EVENTS', 'DEAD_LETTERS'], consumer: 'flow-recorder' })

  /** As the one who may: the edge for what it accepted, else a worker. */
  const send = (subject: string, payload: string, id: string) =>
    (subject.startsWith('flow.accepted.') ? edge : worker).publishDurably(subject, payload, { id })

  const publish = async (messages: readonly FlowMessage[]) => {
    const stored = messages.map((message) =>
      send(flowSubjectOf(message), JSON.stringify(message), makeFlowMessageId(message)),
    )
    await Promise.all(stored)
  }

  /** As a worker, as it is, under an id of its own. */
  const publishRaw = (turnId: string, payload: string | Uint8Array) =>
    worker.publishDurably(subjects.flowEvents(turnId), payload, { id: crypto.randomUUID() })

  /** Until every message that was published is recorded or parked, and acknowledged. */
  const whenCaughtUp = (timeout = 20_000) =>
    vi.waitFor(
      async () => {
        const { num_pending, num_ack_pending } = await manager.consumers.info('FLOW_EVENTS', 'flow-recorder')
        expect({ num_pending, num_ack_pending }).toEqual({ num_pending: 0, num_ack_pending: 0 })
      },
      { timeout, interval: 50 },
    )

  const readDeadLetters = async (): Promise<DeadLetter[]> => {
    const { state } = await manager.streams.info('DEAD_LETTERS')
    const letters: DeadLetter[] = []
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1) {
      const stored = await manager.streams.getMessage('DEAD_LETTERS', { seq })
      if (stored) letters.push(deadLetterSchema.parse(stored.json()))
    }
    return letters
  }

  const resources = opening.move()
  return {
    database,
    nats,
    manager,
    publish,
    publishRaw,
    whenCaughtUp,
    readDeadLetters,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

export type Stand = Awaited<ReturnType<typeof openStand>>
