import { ServerUnreachableError } from './tool-errors.ts'
import type { OfferedTool } from './toolbox.ts'

interface ListDeps {
  read: () => Promise<readonly OfferedTool[]>
  /** The reason in a fixed phrase. */
  describe: (error: unknown) => string
  onMissing: (reason: string) => void
  /** Age at which it is read anew, and pause after a reading that failed. */
  maxAgeMs: number
  retryMs: number
}

/**
 * The tools of one server. *Unknown* until they were read, then *known*: too old, or changed as the server says, they are
 * read anew while the old ones serve. After a failed reading they are *missing*: nobody waits, and after a pause somebody
 * who asks has them read again.
 */
export class ServerTools {
  readonly #deps: ListDeps
  #tools: readonly OfferedTool[] = []
  #state: { is: 'unknown' } | { is: 'known' } | { is: 'missing'; reason: string } = { is: 'unknown' }
  #readAt = 0
  #reading: Promise<void> | undefined

  constructor(deps: ListDeps) {
    this.#deps = deps
  }

  /** As last read, whatever became of the server since. */
  get last(): readonly OfferedTool[] {
    return this.#tools
  }

  /** Waits only while they are unknown; rejects with ServerUnreachableError while they are missing. */
  async current(): Promise<readonly OfferedTool[]> {
    this.refresh()
    if (this.#state.is === 'unknown') await this.#reading
    if (this.#state.is === 'missing') throw new ServerUnreachableError(this.#state.reason)
    return this.#tools
  }

  /** Begins to read where it is time. */
  refresh(): void {
    const { maxAgeMs, retryMs } = this.#deps
    const isFresh = Date.now() - this.#readAt < (this.#state.is === 'missing' ? retryMs : maxAgeMs)
    if (this.#state.is === 'unknown' || !isFresh)
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
  }

  /** Somebody knows that they changed, or that the server can be reached again. */
  expire(): void {
    this.#readAt = 0
    if (this.#state.is === 'missing') this.#state = { is: 'unknown' }
    this.refresh()
  }

  async #read(): Promise<void> {
    // A change that is told while this reads makes what it reads old.
    this.#readAt = Date.now()
    try {
      const tools = await this.#deps.read()
      // An unchanged list stays the same objects, with the schemas that were compiled for them.
      if (JSON.stringify(tools) !== JSON.stringify(this.#tools)) this.#tools = tools
      this.#state = { is: 'known' }
    } catch (error) {
      this.#state = { is: 'missing', reason: this.#deps.describe(error) }
      this.#deps.onMissing(this.#state.reason)
    }
  }
}
