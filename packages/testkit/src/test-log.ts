import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

interface Waiter {
  readonly pattern: RegExp
  readonly resolve: (line: string) => void
  readonly reject: (error: Error) => void
}

const maxLines = 5000

/** What a child process prints, line by line, until it ends; beyond 5,000 lines the oldest are dropped. */
export class TestLog {
  readonly #lines: string[] = []
  readonly #waiters = new Set<Waiter>()
  #hasEnded = false
  /** Resolves when the last line is in. */
  readonly ended: Promise<void>

  constructor(child: ChildProcessByStdio<null, Readable, Readable>) {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => this.#add(line))
    }
    this.ended = once(child, 'close').then(() => this.#end())
  }

  /** All kept lines, oldest first. */
  lines(): readonly string[] {
    return this.#lines
  }

  tail(count = 30): string {
    return this.#lines.slice(-count).join('\n')
  }

  /** The first line, kept or yet to come, that the pattern matches; rejects when the process ends without it. */
  async waitFor(pattern: RegExp): Promise<string> {
    const kept = this.#lines.find((line) => pattern.test(line))
    if (kept !== undefined) return kept
    if (this.#hasEnded) throw this.#missing(pattern)
    return new Promise((resolve, reject) => this.#waiters.add({ pattern, resolve, reject }))
  }

  #add(line: string) {
    this.#lines.push(line)
    if (this.#lines.length > maxLines) this.#lines.shift()
    for (const waiter of this.#waiters) {
      if (!waiter.pattern.test(line)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(line)
    }
  }

  #end() {
    this.#hasEnded = true
    for (const { pattern, reject } of this.#waiters) reject(this.#missing(pattern))
    this.#waiters.clear()
  }

  #missing(pattern: RegExp): Error {
    return new Error(`the process ended without printing ${pattern}\n${this.tail()}`)
  }
}
