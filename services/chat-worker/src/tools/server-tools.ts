import type { ToolNote } from '@omni2/contracts'
import type { Listing } from './offer-listing.ts'
import { SetAside } from './set-aside.ts'
import { ServerUnreachableError } from './tool-errors.ts'
import type { OfferedTool } from './toolbox.ts'

interface ListDeps {
  read: () => Promise<Listing>
  /** Called with a list that differs from the one before. */
  onListed: (listing: Listing) => void
  /** The reason in a fixed phrase. */
  describe: (error: unknown) => string
  onMissing: (reason: string) => void
  /** Called after each reading. */
  onRead: (isReachable: boolean) => void
  /** Age at which the list is read again, and pause after a failed reading. */
  maxAgeMs: number
  retryMs: number
}

/**
 * The tools of one server. *Unknown* until they are read, then *known*. When they are too old, or the server reports a
 * change, they are read again while the old ones stay in use. After a failed reading they are *missing*: callers do not
 * wait, and after a pause the next caller starts another reading.
 */
export class ServerTools {
  readonly #deps: ListDeps
  readonly #setAside = new SetAside()
  #listing: Listing = { tools: [], notes: [] }
  #state: { is: 'unknown' } | { is: 'known' } | { is: 'missing'; reason: string } = { is: 'unknown' }
  #readAt = 0
  #reading: Promise<void> | undefined

  constructor(deps: ListDeps) {
    this.#deps = deps
  }

  /** As last read, whatever became of the server since. */
  get last(): readonly OfferedTool[] {
    return this.#listing.tools.filter((tool) => !this.#setAside.has(tool))
  }

  /** Which of them are offered otherwise than the server describes them, or not at all. */
  get notes(): readonly ToolNote[] {
    const { tools, notes } = this.#listing
    const setAside = this.#setAside.notes(tools)
    const names = new Set(setAside.map(({ tool }) => tool))
    return [...notes.filter(({ state, tool }) => state === 'left_out' || !names.has(tool)), ...setAside]
  }

  /** Offers a tool no longer, that the model's API refuses; false where it already did not. */
  setAside(tool: OfferedTool, why: string): boolean {
    if (this.#setAside.has(tool)) return false
    this.#setAside.add(tool, why)
    return true
  }

  /** Waits only while they are unknown; rejects with ServerUnreachableError while they are missing. */
  async current(): Promise<readonly OfferedTool[]> {
    this.refresh()
    if (this.#state.is === 'unknown') await this.#reading
    if (this.#state.is === 'missing') throw new ServerUnreachableError(this.#state.reason)
    return this.last
  }

  /** Begins to read where it is time. */
  refresh(): void {
    const { maxAgeMs, retryMs } = this.#deps
    const isFresh = performance.now() - this.#readAt < (this.#state.is === 'missing' ? retryMs : maxAgeMs)
    if (this.#state.is === 'unknown' || !isFresh)
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
  }

  /** The tools changed, or the server can be reached again. */
  expire(): void {
    this.#readAt = -Infinity
    if (this.#state.is === 'missing') this.#state = { is: 'unknown' }
    this.refresh()
  }

  async #read(): Promise<void> {
    // A change during this reading makes its result old.
    this.#readAt = performance.now()
    try {
      const listing = await this.#deps.read()
      // An unchanged list stays the same objects, with the schemas that were compiled for them.
      if (JSON.stringify(listing) !== JSON.stringify(this.#listing)) {
        this.#listing = listing
        this.#deps.onListed(listing)
      }
      this.#state = { is: 'known' }
      this.#deps.onRead(true)
    } catch (error) {
      this.#state = { is: 'missing', reason: this.#deps.describe(error) }
      this.#deps.onMissing(this.#state.reason)
      this.#deps.onRead(false)
    }
  }
}
