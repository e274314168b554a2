import { expect, test } from 'vitest'
import { faultKinds, makeSchedule } from './make-schedule.ts'
import { Random } from './random.ts'

const make = (seed: number, options: object = {}) =>
  makeSchedule(new Random(seed), { lengthMs: 60_000, kinds: faultKinds, onlyServices: false, ...options })

test('the same seed makes the same faults, another seed others', () => {
  expect(make(7)).toEqual(make(7))
  expect(make(7)).not.toEqual(make(8))
})

test('faults come in order, leave time to rest, and stop no server in order', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const faults = make(seed)
    expect(faults.length).toBeGreaterThan(5)
    expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(faults.every(({ at }) => at < 51_000)).toBe(true)
    expect(faults.filter(({ kind, target }) => kind === 'stop' && target === 'postgres')).toEqual([])
  }
})

test('servers that are not ours are left alone', () => {
  expect(make(3, { onlyServices: true }).some(({ target }) => target === 'nats-server')).toBe(false)
})
