import type { ProcessExit } from '@omni2/local-servers'

/** How a process ended, in words. */
export function describeExit({ code, signal }: ProcessExit): string {
  return signal === null ? `exit code ${code}` : signal
}
