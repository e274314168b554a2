import { encodeTurnFrame, subjects, type ServerFrameType, type TurnAddress } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { WorkerMetrics } from '../metrics.ts'
import type { FlushTick } from './flush-tick.ts'
import type { Ownership } from './ownership.ts'

interface ReplyDeps {
  bus: Pick<Bus, 'publish'>
  tick: Pick<FlushTick, 'request' | 'forget'>
  ownership: Pick<Ownership, 'isFresh' | 'confirm'>
  metrics: Pick<WorkerMetrics, 'tokenDelaySeconds'>
}

type Body = Record<string, unknown> & { text?: string }

/**
 * The frames of one attempt, numbered from 1 without gaps. Text is collected until the tick. Any other frame first
 * sends the collected text. While the ownership of the attempt is in doubt, frames are held back. They are sent once it
 * is confirmed, and never if it is lost.
 */
export class Reply {
  readonly #address: TurnAddress
  readonly #attempt: number
  readonly #deps: ReplyDeps
  #pending = ''
  /** When the oldest pending text arrived, by the monotonic clock. */
  #pendingSince = 0
  #text = ''
  #seq = 0
  #held: { type: ServerFrameType; frame: Uint8Array }[] = []

  constructor(address: TurnAddress, attempt: number, deps: ReplyDeps) {
    this.#address = address
    this.#attempt = attempt
    this.#deps = deps
  }

  /** The text sent so far, as of `seq`. */
  get text(): string {
    return this.#text
  }

  /** Number of the last frame sent. */
  get seq(): number {
    return this.#seq
  }

  /** Adds text to the reply. The first piece is sent at once, so that the reader sees the reply begin. */
  say(text: string): void {
    if (this.#pending === '') this.#pendingSince = performance.now()
    this.#pending += text
    if (this.#text === '') this.flush()
    else this.#deps.tick.request(this)
  }

  /** Sends the collected text. */
  flush(): void {
    this.#deps.tick.forget(this)
    if (this.#pending === '') return
    const text = this.#pending
    this.#pending = ''
    this.#text += text
    this.#send('token', { text })
    this.#deps.metrics.tokenDelaySeconds.observe((performance.now() - this.#pendingSince) / 1000)
  }

  /** Sends a frame, after the collected text. */
  send(type: ServerFrameType, body: Body = {}): void {
    this.flush()
    this.#send(type, body)
  }

  /** Publishes the reply so far, for edges that may have missed frames. It has no number of its own. */
  sendSnapshot(): void {
    const head = { type: 'snapshot', session_id: this.#address.session_id, attempt: this.#attempt } as const
    const frame = encodeTurnFrame({ ...head, from: this.#seq, seq: this.#seq }, { text: this.#text })
    this.#publish('snapshot', frame)
  }

  #send(type: ServerFrameType, body: Body): void {
    this.#seq += 1
    const head = {
      type,
      session_id: this.#address.session_id,
      attempt: this.#attempt,
      from: this.#seq,
      seq: this.#seq,
    }
    this.#publish(type, encodeTurnFrame(head, body))
  }

  #publish(type: ServerFrameType, frame: Uint8Array): void {
    if (this.#held.length === 0 && this.#deps.ownership.isFresh()) {
      this.#deps.bus.publish(subjects.reply(this.#address, type), frame)
      return
    }
    this.#held.push({ type, frame })
    if (this.#held.length === 1) this.#release().catch(() => (this.#held = []))
  }

  async #release(): Promise<void> {
    const owned = await this.#deps.ownership.confirm()
    const held = this.#held
    this.#held = []
    if (!owned) return
    for (const { type, frame } of held) this.#deps.bus.publish(subjects.reply(this.#address, type), frame)
  }
}
