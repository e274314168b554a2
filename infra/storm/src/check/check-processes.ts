import type { StormRecord, Violation } from '../record.ts'

/**
 * What a process may keep after a storm beyond what it had before: heaps that were never collected, pools of
 * connections that stay open for a while.
 */
const keptBytes = 400 * 1024 * 1024
const keptDescriptors = 40

/** Processes that live through the storm are back to what they used; asked to stop, each ends cleanly; no log has a secret. */
export function checkProcesses({ before, after, exits, leaks }: StormRecord): Violation[] {
  const grown = after.flatMap(({ name, pid, residentBytes, descriptors }): Violation[] => {
    const first = before.find((use) => use.pid === pid)
    if (!first) return []
    const found = (detail: string): Violation => ({ invariant: 'back to rest', detail: `${name}: ${detail}` })
    return [
      ...(residentBytes > first.residentBytes + keptBytes
        ? [found(`${first.residentBytes} to ${residentBytes} bytes resident`)]
        : []),
      ...(descriptors > first.descriptors + keptDescriptors
        ? [found(`${first.descriptors} to ${descriptors} descriptors`)]
        : []),
    ]
  })
  const unclean = exits
    .filter(({ code }) => code !== 'exit code 0')
    .map(({ name, code }) => ({ invariant: 'clean exit', detail: `${name}: ${code}` }))
  const leaked = leaks.map((file) => ({ invariant: 'secrets', detail: `${file} contains one` }))
  return [...grown, ...unclean, ...leaked]
}
