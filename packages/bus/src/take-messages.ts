import type { Consumer, JsMsg } from '@nats-io/jetstream'
import type { Logger } from '@omni2/service-kit'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Slots } from './slots.ts'

interface TakeOptions {
  consumer: Consumer
  slots: Slots
  stopping: AbortSignal
  log: Logger
  /** Waits until work may be taken: while it waits nothing is pulled. */
  mayTake: () => Promise<void>
  /** Works on one message in its slot; must acknowledge it and must not throw. */
  handle: (message: JsMsg) => Promise<void>
}

/** How long one pull stands at the server, and so how long an idle shutdown takes, in milliseconds. */
const pullExpiresMs = 2000
const pauseAfterErrorMs = 500

/**
 * Pulls one message at a time, only with a free slot, until stopping: nothing is prefetched, so nothing waits behind a
 * long message while another worker is idle. Resolves when pulling has ended; handlers may still be at work.
 */
export async function takeMessages(options: TakeOptions): Promise<void> {
  const { slots, stopping, log } = options
  while (!stopping.aborted) {
    const slot = await slots.take(stopping).catch(() => undefined)
    if (!slot) return
    const message = await pullOne(options).catch((error: unknown) => {
      if (!stopping.aborted) log.warn({ err: error }, 'pull failed')
      return sleep(pauseAfterErrorMs, null)
    })
    if (message && stopping.aborted) message.nak()
    if (message && !stopping.aborted) void options.handle(message).finally(() => slot[Symbol.dispose]())
    else slot[Symbol.dispose]()
  }
}

async function pullOne({ consumer, mayTake, stopping }: TakeOptions): Promise<JsMsg | null> {
  await mayTake()
  return stopping.aborted ? null : consumer.next({ expires: pullExpiresMs })
}
