import type { Connection } from './connection.ts'

/** The connections of this edge, and the places taken by those whose handshake still runs. */
export class Connections implements Iterable<Connection> {
  readonly #capacity: number
  readonly #perUser: number
  readonly #open = new Set<Connection>()
  readonly #byUser = new Map<number, number>()
  readonly #emptied = new Set<() => void>()
  #places = 0

  constructor({ capacity, perUser }: { capacity: number; perUser: number }) {
    this.#capacity = capacity
    this.#perUser = perUser
  }

  get size(): number {
    return this.#open.size
  }

  /** Takes a place for one that wants to connect; undefined when all are taken. Give it back when its socket closes. */
  takePlace(): Disposable | undefined {
    if (this.#places >= this.#capacity) return undefined
    this.#places += 1
    return { [Symbol.dispose]: () => (this.#places -= 1) }
  }

  /** Keeps a connection until its socket is gone. */
  add(connection: Connection): void {
    this.#open.add(connection)
    this.#count(connection, 1)
    void connection.closed.then(() => this.#remove(connection))
  }

  /** Whether its user has more connections here than one user may. */
  isOverShare({ identity }: Connection): boolean {
    return (this.#byUser.get(identity.user_id) ?? 0) > this.#perUser
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#open.values()
  }

  /** Resolves once there is none. */
  async whenEmpty(): Promise<void> {
    if (this.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#emptied.add(resolve)
    await promise
  }

  #remove(connection: Connection): void {
    this.#open.delete(connection)
    this.#count(connection, -1)
    if (this.size > 0) return
    for (const resolve of this.#emptied) resolve()
    this.#emptied.clear()
  }

  #count({ identity }: Connection, change: number): void {
    const count = (this.#byUser.get(identity.user_id) ?? 0) + change
    if (count === 0) this.#byUser.delete(identity.user_id)
    else this.#byUser.set(identity.user_id, count)
  }
}
