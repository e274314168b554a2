import { makePrintable } from '@omni2/cli/make-printable'
import { maskPasswords } from './mask-passwords.ts'

/** Reports the progress of a start. */
export interface Progress {
  say(line: string): void
  /** Reports the begin of the work and, above two seconds, how long it took. */
  step<T>(name: string, work: (log: (line: string) => void) => Promise<T>): Promise<T>
}

const slowMs = 2000

/** Writes progress as plain lines. */
export function makeProgress(write: (text: string) => void, clock = performance): Progress {
  const say = (line: string) => write(`${makePrintable(maskPasswords(line))}\n`)
  return {
    say,
    step: async (name, work) => {
      say(`starting ${name}`)
      const startedAt = clock.now()
      const result = await work((line) => say(`  ${name}: ${line}`))
      const tookMs = clock.now() - startedAt
      if (tookMs > slowMs) say(`  ${name}: took ${(tookMs / 1000).toFixed(1)} s`)
      return result
    },
  }
}
