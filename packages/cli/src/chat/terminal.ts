import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'

interface Streams {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  /** Ctrl-C was pressed. */
  readonly onInterrupt: () => void
  /** Ctrl-D was pressed, or the terminal is gone. */
  readonly onEnd: () => void
}

/**
 * The keyboard and screen of a person. Prompting: what is typed is shown, and Enter ends a line. Silent, between two
 * prompts and while a password is typed: keys are read, so that Ctrl-C works, but not shown. Closed by Ctrl-D.
 */
export class Terminal implements Disposable {
  readonly #output: NodeJS.WriteStream
  readonly #readline: Interface
  readonly #lines: AsyncIterator<string>
  #isSilent = true
  #isClosed = false

  constructor({ input, output, onInterrupt, onEnd }: Streams) {
    this.#output = output
    const echo = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (!this.#isSilent) output.write(chunk)
        done()
      },
    })
    // Long lines wrap where the screen ends.
    Object.defineProperty(echo, 'columns', { get: () => output.columns })
    this.#readline = createInterface({ input, output: echo, terminal: true, historySize: 100 })
    this.#readline.on('SIGINT', onInterrupt)
    this.#readline.on('close', () => {
      this.#isClosed = true
      onEnd()
    })
    this.#lines = this.#readline[Symbol.asyncIterator]()
  }

  /** A line that the person typed; undefined after Ctrl-D. */
  async readLine(prompt: string): Promise<string | undefined> {
    if (this.#isClosed) return undefined
    this.#isSilent = false
    this.#readline.setPrompt(prompt)
    this.#readline.prompt()
    const line = await this.#takeLine()
    this.#isSilent = true
    return line
  }

  /** A line that is not shown; undefined after Ctrl-D. */
  async readSecret(prompt: string): Promise<string | undefined> {
    this.#output.write(prompt)
    const line = await this.#takeLine()
    this.#output.write('\n')
    return line
  }

  [Symbol.dispose](): void {
    this.#readline.close()
  }

  async #takeLine(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next()
    return done === true ? undefined : value
  }
}
