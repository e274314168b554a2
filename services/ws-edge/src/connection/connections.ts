import type { CloseCodeNumber, Identity, RecheckReply } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { FrameSink } from '../frames/frame-sink.ts'

/** Why a user may no longer chat, as the worker's answer says. */
export type Expulsion = Pick<RecheckReply['refused'][number], 'code' | 'message'>

/** What an edge keeps open for a user: the connection of a socket, the response to an SSE request. */
export interface ServedClient extends FrameSink {
  readonly kind: 'ws' | 'sse'
  readonly identity: Identity
  readonly log: Logger
  /** Resolves when it is gone. */
  readonly closed: Promise<void>
  /** Whether a turn runs. */
  readonly isBusy: boolean
  /** Bytes that wait for the client to read them. */
  readonly bufferedBytes: number
  /** Messages that wait for the running turn to end. */
  readonly waitingMessages: number
  /** Closes with 1013, because too much waits. */
  giveUp(): void
  /** Closes once no turn runs. */
  leave(code: CloseCodeNumber): void
  /** Closes now; where a reconnect makes sense, a frame asks for it after `retryAfterMs` at the earliest. */
  close(code: CloseCodeNumber, reason?: string, retryAfterMs?: number): void
  /** Closes now, after a frame that says why the user may no longer chat. */
  expel(expulsion: Expulsion): void
}

/** The connections of this edge, sockets and streams, and the places of those that are not admitted yet. */
export class Connections implements Iterable<ServedClient> {
  readonly #capacity: number
  readonly #perUser: number
  readonly #open = new Set<ServedClient>()
  readonly #byUser = new Map<number, Set<ServedClient>>()
  readonly #counts = { ws: 0, sse: 0 }
  /** Those that may hold bytes or messages. */
  readonly #holding = new Set<ServedClient>()
  readonly #emptied = new Set<() => void>()
  #places = 0
  /** With which code those leave that are added from now on. */
  #departure: CloseCodeNumber | undefined
  #isClosed = false

  constructor({ capacity, perUser }: { capacity: number; perUser: number }) {
    this.#capacity = capacity
    this.#perUser = perUser
  }

  get size(): number {
    return this.#open.size
  }

  count(kind: ServedClient['kind']): number {
    return this.#counts[kind]
  }

  /** Whether new connections are refused. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Takes a place for one that wants to connect; undefined when all are taken. Give it back when its socket closes. */
  takePlace(): Disposable | undefined {
    if (this.#places >= this.#capacity) return undefined
    this.#places += 1
    return { [Symbol.dispose]: () => (this.#places -= 1) }
  }

  /** Keeps a connection until it is gone. */
  add(connection: ServedClient): void {
    this.#open.add(connection)
    this.#counts[connection.kind] += 1
    const { user_id } = connection.identity
    this.#byUser.set(user_id, (this.#byUser.get(user_id) ?? new Set()).add(connection))
    void connection.closed.then(() => this.#remove(connection))
    if (this.#departure !== undefined) connection.leave(this.#departure)
  }

  /** Asks all connections to leave, each after its pause, and later ones at once. */
  sendAway(code: CloseCodeNumber, pauseOf: (connection: ServedClient) => Promise<unknown> | undefined): void {
    this.#departure = code
    for (const connection of this)
      void Promise.resolve(pauseOf(connection)).then(() => connection.leave(code))
  }

  /** Closes all connections now and refuses new ones. */
  closeAll(code: CloseCodeNumber): void {
    this.#isClosed = true
    for (const connection of this) connection.close(code)
  }

  /** Counts a connection that holds bytes or messages now, until a reading finds that it holds none. */
  noteHolding(connection: ServedClient): void {
    if (this.#open.has(connection)) this.#holding.add(connection)
  }

  /** The sum of what all connections hold. It asks only those that may hold something: few, of ten thousand. */
  sumHeld(what: 'bufferedBytes' | 'waitingMessages'): number {
    let sum = 0
    for (const connection of this.#holding) {
      sum += connection[what]
      if (connection.bufferedBytes + connection.waitingMessages === 0) this.#holding.delete(connection)
    }
    return sum
  }

  /** Those that hold bytes, the most first. */
  listHolding(): ServedClient[] {
    const holding = [...this.#holding].filter(({ bufferedBytes }) => bufferedBytes > 0)
    return holding.toSorted((one, other) => other.bufferedBytes - one.bufferedBytes)
  }

  /** Whether its user has more connections here than one user may. */
  isAboveShare({ identity }: Pick<ServedClient, 'identity'>): boolean {
    return (this.#byUser.get(identity.user_id)?.size ?? 0) > this.#perUser
  }

  ofUser(userId: number): Iterable<ServedClient> {
    return this.#byUser.get(userId) ?? []
  }

  [Symbol.iterator](): Iterator<ServedClient> {
    return this.#open.values()
  }

  /** Resolves once there is none. */
  async whenEmpty(): Promise<void> {
    if (this.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#emptied.add(resolve)
    await promise
  }

  #remove(connection: ServedClient): void {
    this.#open.delete(connection)
    this.#holding.delete(connection)
    this.#counts[connection.kind] -= 1
    this.#forgetUserOf(connection)
    if (this.size > 0) return
    for (const resolve of this.#emptied) resolve()
    this.#emptied.clear()
  }

  #forgetUserOf(connection: ServedClient): void {
    const { user_id } = connection.identity
    const connections = this.#byUser.get(user_id)
    connections?.delete(connection)
    if (connections?.size === 0) this.#byUser.delete(user_id)
  }
}
