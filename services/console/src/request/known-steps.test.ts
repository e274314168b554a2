import type { FlowBucket } from '@omni2/db'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KnownSteps, type ReadSteps } from './known-steps.ts'

const hour = 3_600_000
const now = Date.parse('2026-11-20T10:20:00Z')
const dateOf = (hours: number) => new Date(now + hours * hour)

/** A database of turns by their time, which counts what it is asked to read, in steps. */
function openTurns(times: readonly number[], stepSeconds: number) {
  const asked: number[] = []
  const stepMs = stepSeconds * 1000
  const read: ReadSteps = async ({ since, until }) => {
    asked.push((until.getTime() - since.getTime()) / stepMs)
    const counts = new Map<number, number>()
    for (const time of times) {
      if (time < since.getTime() || time >= until.getTime()) continue
      const at = Math.floor(time / stepMs) * stepMs
      counts.set(at, (counts.get(at) ?? 0) + 1)
    }
    return [...counts]
      .toSorted(([one], [other]) => one - other)
      .map(([at, turns]) => ({ at: new Date(at), turns }) as FlowBucket)
  }
  return { read, asked }
}

test('steps that are over are read once, those that are not each time', async () => {
  const turns = openTurns([now - 5 * hour, now - 3 * hour, now - 60_000], 3600)
  const steps = new KnownSteps(() => now)
  const chart = { filter: { since: dateOf(-24), until: dateOf(0) }, stepSeconds: 3600 }
  const first = await steps.list(chart, turns.read)
  expect(first.map((bucket) => bucket.turns)).toEqual([1, 1, 1])
  expect(await steps.list(chart, turns.read)).toEqual(first)
  // Of 24 steps: the one that the range begins in, and those of the last hour and a half.
  expect(turns.asked.map(Math.ceil)).toEqual([24, 1, 2])
})

test('charts of other turns, or with other steps, know nothing of each other', async () => {
  const turns = openTurns([now - 5 * hour], 3600)
  const steps = new KnownSteps(() => now)
  const range = { since: dateOf(-24), until: dateOf(0) }
  await steps.list({ filter: range, stepSeconds: 3600 }, turns.read)
  await steps.list({ filter: { ...range, userId: 7 }, stepSeconds: 3600 }, turns.read)
  await steps.list({ filter: range, stepSeconds: 1800 }, turns.read)
  expect(turns.asked).toEqual([24, 24, 24])
})

test('a part that was read ahead is known to the whole, and is read again only to be refreshed', async () => {
  const turns = openTurns([now - 5 * hour, now - 3 * hour, now - 60_000], 3600)
  const steps = new KnownSteps(() => now)
  for (const [from, to] of [
    [-25, -12],
    [-12, 0],
  ] as const)
    await steps.refresh(
      { filter: { since: dateOf(from - 1 / 3), until: dateOf(to - 1 / 3) }, stepSeconds: 3600 },
      turns.read,
    )
  const chart = { filter: { since: dateOf(-24), until: dateOf(0) }, stepSeconds: 3600 }
  expect((await steps.list(chart, turns.read)).map((bucket) => bucket.turns)).toEqual([1, 1, 1])
  expect(turns.asked.map(Math.ceil)).toEqual([13, 12, 1, 2])
})

test('whatever was asked before, an answer is what the database says', async () => {
  const times = fc.array(fc.integer({ min: -200, max: 0 }), { maxLength: 40 })
  const range = fc.tuple(fc.integer({ min: -220, max: -1 }), fc.integer({ min: 1, max: 200 }))
  await fc.assert(
    fc.asyncProperty(times, fc.array(range, { minLength: 1, maxLength: 6 }), async (quarters, ranges) => {
      const turns = openTurns(
        quarters.map((quarter) => now + (quarter * hour) / 4),
        3600,
      )
      const steps = new KnownSteps(() => now)
      for (const [from, length] of ranges) {
        const filter = { since: dateOf(from / 4), until: dateOf(Math.min(0, (from + length) / 4)) }
        const said = await steps.list({ filter, stepSeconds: 3600 }, turns.read)
        expect(said).toEqual(await turns.read(filter))
      }
    }),
  )
})
