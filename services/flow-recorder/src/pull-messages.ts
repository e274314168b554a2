import { setTimeout as delay } from 'node:timers/promises'
import { ensureStreams, type Bus, type Consumer, type JsMsg } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import { TerminalError, type Logger, type Readiness } from '@omni2/service-kit'
import type { RecorderConfig } from './config.ts'

type ConsumerMessages = Awaited<ReturnType<Consumer['fetch']>>

interface Dependencies {
  readonly bus: Pick<Bus, 'openManager' | 'jetstream'>
  readonly config: Pick<RecorderConfig, 'RECORDER_BATCH_MESSAGES'>
  readonly readiness: Pick<Readiness, 'meet' | 'miss'>
  readonly stopping: AbortSignal
  readonly log: Logger
}

/**
 * How long one pull stands at the server, in milliseconds; also how long an idle shutdown takes. A pull is never cut
 * off: what the server sends into a closed one would stay away until its ack_wait has passed.
 */
const pullExpiresMs = 2000
const pauseAfterErrorMs = 500

/** A pull over a lost connection ends by itself only when that returns; a shutdown waits this long for it. */
const endAfterStopMs = pullExpiresMs + 1000

/**
 * Messages of the durable consumer until stopping. One pull at a time, and the next only when the last one's messages
 * are taken: while nobody takes, at most RECORDER_BATCH_MESSAGES wait here. A stream or consumer that went missing is
 * made again; throws StreamMismatchError when one is not as needed.
 */
export async function* pullMessages(deps: Dependencies): AsyncGenerator<JsMsg, void> {
  const { config, readiness, stopping, log } = deps
  while (!stopping.aborted) {
    try {
      const consumer = await openConsumer(deps)
      readiness.meet('nats')
      while (!stopping.aborted) {
        const max_messages = config.RECORDER_BATCH_MESSAGES
        const pulled = await consumer.fetch({ max_messages, expires: pullExpiresMs })
        using _end = endAfter(stopping, pulled)
        yield* pulled
      }
    } catch (error) {
      if (error instanceof TerminalError) throw error
      if (isSilence(error)) continue
      readiness.miss('nats', 'pull failed')
      log.warn({ err: error }, 'pull failed')
      await delay(pauseAfterErrorMs, undefined, { signal: stopping }).catch(() => {})
    }
  }
}

async function openConsumer({ bus }: Dependencies): Promise<Consumer> {
  const manager = await bus.openManager()
  await ensureStreams(manager, { streams: ['FLOW_EVENTS', 'DEAD_LETTERS'], consumer: 'flow-recorder' })
  const { stream, durable_name } = consumers['flow-recorder']
  return bus.jetstream.consumers.get(stream, durable_name)
}

function endAfter(stopping: AbortSignal, pulled: ConsumerMessages): Disposable {
  const end = () => void setTimeout(() => void pulled.close(), endAfterStopMs).unref()
  stopping.addEventListener('abort', end)
  return { [Symbol.dispose]: () => stopping.removeEventListener('abort', end) }
}

/** Also what a finished pull ends with when its messages were not taken for a while; a server that is away shows next. */
const isSilence = (error: unknown) => error instanceof Error && error.message === 'heartbeats missed'
