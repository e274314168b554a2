import { expect, test } from 'vitest'
import { parseDay, parseDuration, parseNumber } from './parse-duration.ts'

test('reads seconds, minutes and hours', () => {
  expect(['90s', '10m', '2h'].map((text) => parseDuration('--for', text))).toEqual([90, 600, 7200])
})

test.each(['', '10', 'm', '1d', '-1s', '1.5h'])('%j is no time', (text) => {
  expect(() => parseDuration('--for', text)).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test('reads days that end today, and a day', () => {
  const now = new Date('2026-03-01T00:30:00Z')
  const days = ['1d', '7d', '2026-02-28'].map((text) => parseDay('--since', text, now))
  expect(days).toEqual(['2026-03-01', '2026-02-23', '2026-02-28'])
})

test.each(['', '0d', '7', 'yesterday', '2026-02-30', '2026-13-01'])('%j is no day', (text) => {
  expect(() => parseDay('--since', text, new Date())).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test.each(['', 'x', '-1', 'Infinity'])('%j is no number', (text) => {
  expect(() => parseNumber('--max-cost', text)).toThrow(expect.objectContaining({ exitCode: 2 }))
})
