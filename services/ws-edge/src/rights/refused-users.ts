import { serverFrameSchema, type ErrorCodeName, type ErrorFields, type FrameHead } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { FrameSink } from '../frames/frame-sink.ts'
import { precedesChecks } from '../frames/precedes-checks.ts'

/** Why a worker refused a turn. */
export interface TurnRefusal {
  readonly code: ErrorCodeName
  /** Text for people. */
  readonly error: string
  readonly fields: Partial<ErrorFields>
}

/** A turn on its way to a worker. */
interface AskedTurn {
  readonly session_id: string
  readonly user_id: number
}

interface RefusedUser {
  refusal: TurnRefusal
  refusedAt: number
  /** Until then a worker would refuse whatever comes. */
  closedUntil: number
  /** Turns that may still be tried. */
  tries: number
  filledAt: number
  /** Until then nothing is logged of the user. */
  quietUntil: number
}

/** Turns that a refused user may try at once, beside admitted ones, and the time until one more is allowed. */
const triesAtOnce = 20
const tryAgainMs = 3000
/** Longest that a rate closes, in milliseconds: it is counted by the minute. */
const longestClosedMs = 60_000
/** Users and turns that are remembered; beyond it the oldest are forgotten, and a worker decides. */
const capacity = 10_000
const quietMs = 60_000

/** Refusals that hold for a user's other turns, too, or are likely to. */
const userRefusals: ReadonlySet<string> = new Set<ErrorCodeName>([
  'rate_limited',
  'concurrency_limited',
  'request_limit',
  'token_limit',
  'cost_limit',
  'conversation_busy',
  'account_inactive',
  'blocked',
])

/**
 * Remembers which users the workers refuse. The edge then refuses their next turns itself, at no cost to the queue or
 * the database. A user without requests left in this minute is refused until the next minute begins, as at the workers.
 * Any other refusal may end at any moment: the edge lets a bounded number of such a user's turns through as tries, and
 * answers the others with the last refusal. An admitted turn gives its try back. The edge never refuses a user whom no
 * worker has refused, nor a turn that is sent again after it was let through.
 */
export class RefusedUsers {
  readonly #now: () => number
  readonly #log: Pick<Logger, 'info'>
  readonly #users = new Map<number, RefusedUser>()
  readonly #letThrough = new Set<string>()

  /** `now`: milliseconds of a monotonic clock. */
  constructor({ now, log }: { now: () => number; log: Pick<Logger, 'info'> }) {
    this.#now = now
    this.#log = log
  }

  /** Why this turn is refused; undefined: a worker decides. */
  refuse({ session_id, user_id }: AskedTurn): TurnRefusal | undefined {
    const user = this.#letThrough.has(session_id) ? undefined : this.#find(user_id)
    if (!user || (user.closedUntil <= this.#now() && user.tries >= 1)) {
      if (user) user.tries -= 1
      keepNewest(this.#letThrough.add(session_id))
      return undefined
    }
    this.#logOnce(user, user_id)
    return this.#makeCurrent(user)
  }

  /** Wraps the sink of a turn to learn from its frames what a worker decides about the turn. */
  learnFrom(turn: AskedTurn, sink: FrameSink): FrameSink {
    let isDecided = false
    return {
      ended: sink.ended,
      send: (bytes, head) => {
        if (head && !isDecided && !precedesChecks(head)) {
          isDecided = true
          this.#learn(turn, bytes, head)
        }
        sink.send(bytes, head)
      },
    }
  }

  /** The user changed: workers decide again. */
  forget(userId: number): void {
    this.#users.delete(userId)
  }

  #learn({ session_id, user_id }: AskedTurn, bytes: Uint8Array, { type }: FrameHead): void {
    const refusal = type === 'error' || type === 'blocked' ? readRefusal(bytes) : undefined
    const user = this.#find(user_id)
    if (!refusal) {
      if (user) user.tries = Math.min(triesAtOnce, user.tries + 1)
      return
    }
    this.#letThrough.delete(session_id)
    const now = this.#now()
    const { tries = triesAtOnce - 1, filledAt = now, closedUntil = 0, quietUntil = 0 } = user ?? {}
    const closed = Math.max(closedUntil, now + readClosedMs(refusal))
    this.#users.delete(user_id)
    this.#users.set(user_id, { refusal, refusedAt: now, closedUntil: closed, tries, filledAt, quietUntil })
    keepNewest(this.#users)
  }

  /** A user whose tries have all come back is one like any other. */
  #find(userId: number): RefusedUser | undefined {
    const user = this.#users.get(userId)
    if (!user) return undefined
    const now = this.#now()
    user.tries = Math.min(triesAtOnce, user.tries + (now - user.filledAt) / tryAgainMs)
    user.filledAt = now
    if (user.closedUntil > now || user.tries < triesAtOnce) return user
    this.#users.delete(userId)
    return undefined
  }

  /** The last refusal with its times as of now. */
  #makeCurrent({ refusal, refusedAt }: RefusedUser): TurnRefusal {
    const { retry_after_ms } = refusal.fields
    if (retry_after_ms === undefined) return refusal
    const left = Math.max(0, Math.ceil(retry_after_ms - (this.#now() - refusedAt)))
    return { ...refusal, fields: { ...refusal.fields, retry_after_ms: left } }
  }

  /** One line a minute for each user: a flood must not fill the log either. */
  #logOnce(user: RefusedUser, user_id: number): void {
    if (user.quietUntil > this.#now()) return
    user.quietUntil = this.#now() + quietMs
    this.#log.info({ user_id, code: user.refusal.code }, 'turns of a refused user are refused here')
  }
}

/** The refusal in a terminal frame; undefined where the turn had been admitted, or the reason lies with that turn alone. */
function readRefusal(bytes: Uint8Array): TurnRefusal | undefined {
  const frame = serverFrameSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
  if (frame?.type === 'blocked') return { code: 'blocked', error: frame.message, fields: {} }
  if (frame?.type !== 'error' || frame.result !== undefined || !userRefusals.has(frame.code)) return undefined
  const { code, error, retry_after_ms, reset_at, limit_kind, limit, used, remaining } = frame
  return { code, error, fields: { retry_after_ms, reset_at, limit_kind, limit, used, remaining } }
}

/** The rest of the minute without requests left; 0 if it is over, as in an end that is published again. */
function readClosedMs({ code, fields: { retry_after_ms = 0, reset_at } }: TurnRefusal): number {
  if (code !== 'rate_limited') return 0
  const untilResetMs = reset_at === undefined ? retry_after_ms : Date.parse(reset_at) - Date.now()
  return Math.max(0, Math.min(retry_after_ms, untilResetMs, longestClosedMs))
}

/** Drops the oldest entry of a map or set that has grown too large. */
function keepNewest(kept: Map<number, unknown> | Set<string>): void {
  if (kept.size <= capacity) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest as never)
    return
  }
}
