/**
 * Whether a service can do its work. Every named condition begins unmet; the service is ready while all are met and
 * never again after `close()`.
 */
export class Readiness {
  readonly #unmet: Map<string, string>
  #closed = false

  constructor(conditions: readonly string[]) {
    this.#unmet = new Map(conditions.map((condition) => [condition, 'not yet']))
  }

  /** Records that a condition holds. */
  meet(condition: string): void {
    this.#unmet.delete(condition)
  }

  /** Records why a condition does not hold. */
  miss(condition: string, reason: string): void {
    this.#unmet.set(condition, reason)
  }

  /** First line of a shutdown. */
  close(): void {
    this.#closed = true
  }

  get isReady(): boolean {
    return !this.#closed && this.#unmet.size === 0
  }

  /** What is missing, by condition. */
  get missing(): Record<string, string> {
    return { ...Object.fromEntries(this.#unmet), ...(this.#closed ? { shutdown: 'in progress' } : {}) }
  }
}
