import { expect, test } from 'vitest'
import { makeTables } from './make-tables.ts'
import { gather, type Sample } from './results.ts'

const round = (system: string, value: number, saturated = false): Sample => ({
  part: 'relay',
  setting: '20 streams',
  system,
  metric: 'CPU',
  unit: 's',
  value,
  saturated,
})

test('rounds - become their median with the spread, and the ratio to each peer', () => {
  const samples = [3, 1, 2].map((value) => round('ours', value))
  expect(makeTables(gather([...samples, round('bare', 4)]))).toBe(`### relay: 20 streams

|  | ours | bare | ours ÷ bare |
| --- | ---: | ---: | ---: |
| CPU, s | 2.00 (1.00–3.00) | 4.00 | 0.50 |
`)
})

test('one round without idle processors - marks the figure', () => {
  expect(makeTables(gather([round('ours', 1), round('ours', 1, true)]))).toContain(
    '| 1.00 (1.00–1.00) (saturated) |',
  )
})

test('a figure of nothing - is a dash', () => {
  expect(makeTables(gather([round('ours', Number.NaN)]))).toContain('| CPU, s | – |')
})
