import { setTimeout as delay } from 'node:timers/promises'
import { subjects, type ControlMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import { withDeadline, type Logger } from '@omni2/service-kit'

type Publisher = Pick<Bus, 'publish' | 'flush'> & AsyncDisposable

interface EndedLogin {
  readonly sid: string
  readonly userId: number
}

interface Options {
  /** Tries once to connect. */
  readonly openBus: () => Promise<Publisher>
  /** Logouts that may wait for NATS; beyond it the oldest is given up. */

  /** How long a logout is worth announcing, in milliseconds: then edges and workers have checked for themselves. */
  readonly worthMs: number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Logouts that may wait; beyond it the oldest is left to the edges' own checks. */
const mostWaiting = 1000
/** Pause between two tries, and longest wait for the server to confirm one, in milliseconds. */
const retryPauseMs = 500
const confirmMs = 2_000

/**
 * Announces to edges and workers which logins have ended. A logout never waits for NATS.
 *
 * Idle: no logout waits. Announcing: publishes all that wait and asks the server to confirm. It publishes those without
 * confirmation again after a pause, until they are confirmed or too old; the first try opens the connection. A logout
 * that is published twice does no harm. Closed: one last try for those that wait, if there is a connection.
 */
export class LogoutAnnouncer implements AsyncDisposable {
  readonly #options: Options
  readonly #closing = new AbortController()
  readonly #waiting = new Map<string, EndedLogin & { readonly since: number }>()
  #bus: Publisher | undefined
  #announcing: Promise<void> | undefined
  #isAway = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Number of logouts that wait to be announced. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Announces that a login has ended, now or as soon as NATS is there; returns at once. */
  announce({ sid, userId }: EndedLogin): void {
    this.#waiting.delete(sid)
    this.#waiting.set(sid, { sid, userId, since: performance.now() })
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > mostWaiting && oldest !== undefined) this.#giveUp(oldest, 'too many wait')
    this.start()
  }

  /** Connects, so that the first logout need not. */
  start(): void {
    this.#announcing ??= this.#announceAll()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#announcing
    if (this.#bus === undefined) return
    await this.#announce(this.#bus).catch(() => {})
    await this.#bus[Symbol.asyncDispose]()
  }

  async #announceAll(): Promise<void> {
    while (this.#hasWork && !this.#closing.signal.aborted) {
      try {
        await this.#announce((this.#bus ??= await this.#options.openBus()))
        this.#noteAway(false)
      } catch (err) {
        this.#noteAway(true, err)
        await delay(retryPauseMs, undefined, { signal: this.#closing.signal }).catch(() => {})
        this.#giveUpOld()
      }
    }
    this.#announcing = undefined
  }

  get #hasWork(): boolean {
    return this.#bus === undefined || this.#waiting.size > 0
  }

  /** Only the answer to a flush says that the server has what was published before. */
  async #announce(bus: Publisher): Promise<void> {
    const announced = [...this.#waiting.values()]
    for (const { sid, userId } of announced) {
      const message = { user_id: userId, change: 'logged_out', sid } satisfies ControlMessage
      bus.publish(subjects.controlOfUser(userId), JSON.stringify(message))
    }
    await withDeadline(bus.flush(), { ms: confirmMs })
    for (const login of announced) if (this.#waiting.get(login.sid) === login) this.#waiting.delete(login.sid)
  }

  #noteAway(isAway: boolean, err?: unknown): void {
    if (isAway === this.#isAway) return
    this.#isAway = isAway
    if (isAway) this.#options.log.warn({ err }, 'nats away: logouts are announced later')
    else this.#options.log.info('nats back: logouts are announced')
  }

  #giveUpOld(): void {
    const earliest = performance.now() - this.#options.worthMs
    for (const { sid, since } of this.#waiting.values()) if (since < earliest) this.#giveUp(sid, 'too late')
  }

  #giveUp(sid: string, reason: string): void {
    const userId = this.#waiting.get(sid)?.userId
    this.#waiting.delete(sid)
    this.#options.log.warn({ user_id: userId, sid, reason }, 'logout not announced: found at the next check')
  }
}
