import { expect, test } from 'vitest'
import { openLogger, Readiness } from '@omni2/service-kit'
import { DatabaseGate } from './database-gate.ts'

test('unlessAway - reads for others only while Postgres is there', async () => {
  const stopping = new AbortController()
  const back = Promise.withResolvers<void>()
  const gate = new DatabaseGate({ probe: () => back.promise } as never, {
    log: openLogger({ name: 'test', instance: 'test', level: 'silent' }),
    readiness: new Readiness(['database']),
    stopping: stopping.signal,
  })
  let reads = 0
  const read = async () => (reads += 1)
  expect(await gate.unlessAway(read)).toBe(1)

  let tries = 0
  const working = gate.retryWhileAway(async () => {
    tries += 1
    if (tries === 1) throw Object.assign(new Error('lost'), { code: 'ECONNRESET' })
  })
  // The failure is noticed in a later microtask.
  await new Promise(setImmediate)
  expect(await gate.unlessAway(read)).toBeUndefined()
  expect(reads).toBe(1)

  back.resolve()
  await working
  expect(await gate.unlessAway(read)).toBe(2)
})
