import { expect, test } from 'vitest'
import type { FlowBucket } from './flow.ts'
import { fillSteps } from './fill-steps.ts'

test('a range has all its steps, those without turns too', () => {
  const bucket = { at: '2026-11-20T10:05:00.000Z', turns: 2 } as FlowBucket
  const steps = fillSteps({
    since: '2026-11-20T10:01:00.000Z',
    until: '2026-11-20T10:14:00.000Z',
    step_seconds: 300,
    buckets: [bucket],
  })
  expect(steps.map(({ at, turns }) => [at.slice(11, 16), turns])).toEqual([
    ['10:00', undefined],
    ['10:05', 2],
    ['10:10', undefined],
  ])
})
