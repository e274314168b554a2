/** Lets callers through while it is open. Callers wait while it is closed. It starts open. */
export class Gate {
  #opening: PromiseWithResolvers<void> | undefined

  get isOpen(): boolean {
    return this.#opening === undefined
  }

  set(open: boolean): void {
    if (open) {
      this.#opening?.resolve()
      this.#opening = undefined
    } else this.#opening ??= Promise.withResolvers()
  }

  /** Resolves when it is open, or when the signal aborts. */
  async opened(signal: AbortSignal): Promise<void> {
    if (!this.#opening || signal.aborted) return
    const aborted = Promise.withResolvers<void>()
    const abort = () => aborted.resolve()
    signal.addEventListener('abort', abort, { once: true })
    await Promise.race([this.#opening.promise, aborted.promise])
    signal.removeEventListener('abort', abort)
  }
}
