/** Milliseconds between two lines about the same thing. */
const quietMs = 60_000

/** Lets one line a minute through about each thing that may happen very often, and counts those between. */
export class Seldom {
  readonly #lines = new Map<string, { nextAt: number; left: number }>()

  /** Calls `write` with the number of lines that were left out since the last one; at most once a minute for a key. */
  say(key: string, write: (left: number) => void): void {
    const line = this.#lines.get(key) ?? { nextAt: 0, left: 0 }
    this.#lines.set(key, line)
    if (performance.now() < line.nextAt) return void (line.left += 1)
    write(line.left)
    line.nextAt = performance.now() + quietMs
    line.left = 0
  }
}
