import type { Consumer, JsMsg } from '@nats-io/jetstream'
import type { Logger } from '@omni2/service-kit'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Slots } from './slots.ts'

interface TakeOptions {
  /** Finds the consumer, and creates it and its stream where they are missing; called first and after each failed pull. */
  openConsumer: () => Promise<Consumer>
  slots: Slots
  stopping: AbortSignal
  log: Logger
  /** Waits until work may be taken: while it waits nothing is pulled. */
  mayTake: () => Promise<void>
  /** Works on one message in its slot; must acknowledge it and must not throw. */
  handle: (message: JsMsg) => Promise<void>
  /** Receives the result of each pull: undefined when it was answered, with or without a message, else the error. */
  onPull: (failure: string | undefined) => void
}

/**
 * How long one pull waits at the server, and so how long an idle shutdown takes, in milliseconds; the client library
 * allows no less. A pull is never cut off: a message that the server sends to a closed pull comes again only after its
 * ack_wait.
 */
const pullExpiresMs = 1000
const pauseAfterErrorMs = 500

/**
 * Pulls one message at a time, only with a free slot, until stopping: nothing is prefetched, so nothing waits behind a
 * long message while another worker is idle. Resolves when pulling has ended; handlers may still be at work.
 */
export async function takeMessages(options: TakeOptions): Promise<void> {
  const { slots, stopping, log } = options
  const pull = makePull(options)
  while (!stopping.aborted) {
    const slot = await slots.take(stopping).catch(() => undefined)
    if (!slot) return
    const message = await pull()
    if (message && stopping.aborted) message.nak()
    if (message && !stopping.aborted)
      void options
        .handle(message)
        .catch((error: unknown) => log.error({ err: error }, 'message not handled'))
        .finally(() => slot[Symbol.dispose]())
    else slot[Symbol.dispose]()
  }
}

/** A pull that fails may have lost its consumer, so the next one looks for it again. */
function makePull(options: TakeOptions): () => Promise<JsMsg | null> {
  const { openConsumer, mayTake, stopping, onPull, log } = options
  let consumer: Consumer | undefined
  return async () => {
    try {
      await mayTake()
      if (stopping.aborted) return null
      consumer ??= await openConsumer()
      const message = await consumer.next({ expires: pullExpiresMs })
      onPull(undefined)
      return message
    } catch (error) {
      if (stopping.aborted) return null
      consumer = undefined
      onPull(error instanceof Error ? error.message : String(error))
      log.warn({ err: error }, 'pull failed')
      return sleep(pauseAfterErrorMs, null)
    }
  }
}
