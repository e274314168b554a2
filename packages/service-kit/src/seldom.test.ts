import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Seldom } from './seldom.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('one line a minute for each key, with how many were left out', () => {
  const seldom = new Seldom()
  const lines: string[] = []
  const say = (key: string) => seldom.say(key, (left) => lines.push(`${key} ${left}`))
  for (let time = 0; time < 5; time += 1) say('a')
  say('b')
  expect(lines).toEqual(['a 0', 'b 0'])
  vi.advanceTimersByTime(60_000)
  say('a')
  say('a')
  expect(lines).toEqual(['a 0', 'b 0', 'a 4'])
})
