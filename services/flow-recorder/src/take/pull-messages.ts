import { setTimeout as delay } from 'node:timers/promises'
import type { Bus, Consumer, JsMsg } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import { TerminalError, type Logger, type Readiness } from '@omni2/service-kit'
import type { RecorderConfig } from '../config.ts'

type ConsumerMessages = Awaited<ReturnType<Consumer['fetch']>>

interface Deps {
  readonly bus: Pick<Bus, 'jetstream'>
  /** Makes the streams and the consumer where they are missing. */
  readonly ensure: () => Promise<void>
  readonly config: Pick<RecorderConfig, 'RECORDER_BATCH_MESSAGES'>
  readonly readiness: Pick<Readiness, 'meet' | 'miss'>
  readonly stopping: AbortSignal
  readonly log: Logger
}

/**
 * How long one pull waits at the server, in milliseconds; an idle shutdown takes as long. A pull is never cut off:
 * messages that the server sends to a closed pull would come again only after their ack_wait.
 */
const pullExpiresMs = 1000
const pauseAfterErrorMs = 500

/** A pull over a lost connection ends by itself only when that returns; a shutdown waits this long for it. */
const endAfterStopMs = pullExpiresMs + 1000

/**
 * Yields messages of the durable consumer until stopping. One pull runs at a time, and the next begins only when the
 * messages of the last one are taken: at most RECORDER_BATCH_MESSAGES wait here. A missing stream or consumer is
 * created again; throws StreamMismatchError when one is not as needed. The condition `events` is met while pulls are
 * answered.
 */
export async function* pullMessages(deps: Deps): AsyncGenerator<JsMsg, void> {
  const { config, readiness, stopping } = deps
  let consumer = await openFirst(deps)
  while (!stopping.aborted) {
    let taken = 0
    try {
      consumer ??= await openConsumer(deps)
      const max_messages = config.RECORDER_BATCH_MESSAGES
      const pulled = await consumer.fetch({ max_messages, expires: pullExpiresMs })
      using _end = endAfter(stopping, pulled)
      for await (const message of pulled) {
        taken += 1
        yield message
      }
      readiness.meet('events')
    } catch (error) {
      // A finished pull also ends so when its messages were not taken for a while.
      if (taken > 0 && isSilence(error)) continue
      consumer = undefined
      await reportFailure(error, deps)
    }
  }
}

/** That the consumer is there lets the recorder be ready at once; later only pulls do. */
async function openFirst(deps: Deps): Promise<Consumer | undefined> {
  try {
    const consumer = await openConsumer(deps)
    deps.readiness.meet('events')
    return consumer
  } catch (error) {
    await reportFailure(error, deps)
    return undefined
  }
}

async function openConsumer({ bus, ensure }: Deps): Promise<Consumer> {
  await ensure()
  const { stream, durable_name } = consumers['flow-recorder']
  return bus.jetstream.consumers.get(stream, durable_name)
}

async function reportFailure(failure: unknown, { readiness, stopping, log }: Deps): Promise<void> {
  if (failure instanceof TerminalError) throw failure
  readiness.miss('events', `a pull failed: ${failure instanceof Error ? failure.message : 'unknown'}`)
  log.warn({ err: failure }, 'pull failed')
  await delay(pauseAfterErrorMs, undefined, { signal: stopping }).catch(() => {})
}

function endAfter(stopping: AbortSignal, pulled: ConsumerMessages): Disposable {
  const end = () => void setTimeout(() => void pulled.close(), endAfterStopMs).unref()
  stopping.addEventListener('abort', end)
  return { [Symbol.dispose]: () => stopping.removeEventListener('abort', end) }
}

const isSilence = (error: unknown) => error instanceof Error && error.message === 'heartbeats missed'
