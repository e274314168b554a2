import { expect, test } from 'vitest'
import { parseDuration, parseNumber } from './parse-duration.ts'

test('reads seconds, minutes and hours', () => {
  expect(['90s', '10m', '2h'].map((text) => parseDuration('--for', text))).toEqual([90, 600, 7200])
})

test.each(['', '10', 'm', '1d', '-1s', '1.5h'])('%j is no time', (text) => {
  expect(() => parseDuration('--for', text)).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test.each(['', 'x', '-1', 'Infinity'])('%j is no number', (text) => {
  expect(() => parseNumber('--max-cost', text)).toThrow(expect.objectContaining({ exitCode: 2 }))
})
