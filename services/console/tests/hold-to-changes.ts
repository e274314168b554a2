import { afterEach, beforeEach } from 'vitest'
import type { ConsoleUnderTest } from './start-console.ts'

/** Holds each test of a file to the number of audit rows that it expects of its requests: none, where it names none. */
export function holdToChanges(findConsole: () => ConsoleUnderTest): { expected: number } {
  const changes = { expected: 0 }
  let before = 0
  beforeEach(async () => {
    before = await findConsole().countChanges()
    await findConsole().takeReceived()
  })
  afterEach(async () => {
    const made = (await findConsole().countChanges()) - before
    if (made !== changes.expected) throw new Error(`${made} audit rows instead of ${changes.expected}`)
    changes.expected = 0
  })
  return changes
}

/** The audit row of the newest change. */
export const readNewestChange = async (admin: ConsoleUnderTest) =>
  (await admin.call('GET', '/changes?limit=1')).body.items[0]
