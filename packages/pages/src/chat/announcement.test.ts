import { expect, test } from 'vitest'
import { announce } from './announcement.ts'

const item = (
  state: 'sending' | 'running' | 'stopping' | 'done' | 'cancelled' | 'failed',
  text = '',
  more = {},
) => ({
  state,
  text,
  notice: undefined,
  ...more,
})

test('start, progress and end are read out, never each token', () => {
  const said = new Set<string>()
  for (let count = 0; count < 300; count += 1)
    said.add(announce(item('running', 'word '.repeat(count)), count / 10))
  expect([...said]).toEqual(['Waiting for the answer.', 'Answer started.', 'Still answering, 15 seconds.'])
  expect(announce(item('done', 'The **answer** `is`\n\n# 42.'), 31)).toBe(
    'Answer complete. The answer is 42.',
  )
})

test('a long answer is read out in its beginning only', () => {
  expect(announce(item('done', 'x'.repeat(500)), 1)).toHaveLength('Answer complete. '.length + 201)
})

test('a stop, a new attempt, and nothing at all', () => {
  expect(announce(item('stopping'), 0)).toBe('Stopping.')
  expect(announce(item('cancelled', 'half'), 0)).toBe('Answer stopped.')
  expect(announce(item('running', 'x', { notice: 'restarted' }), 0)).toBe('The answer begins again.')
  expect(announce(undefined, 0)).toBe('')
})
