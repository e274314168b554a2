import { makePrintable } from '@omni2/cli/make-printable'
import { maskPasswords } from './mask-passwords.ts'

/** Where a start tells how far it is. */
export interface Progress {
  say(line: string): void
  /** Says when the work begins and, for anything over two seconds, how long it took. */
  step<T>(name: string, work: (log: (line: string) => void) => Promise<T>): Promise<T>
}

const worthTellingMs = 2000

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
      if (tookMs > worthTellingMs) say(`  ${name}: took ${(tookMs / 1000).toFixed(1)} s`)
      return result
    },
  }
}
