import { expect, test, vi } from 'vitest'
import { maxPayloadBytes } from '@omni2/contracts'
import { checkPayloadRoom } from './check-payload-room.ts'

const check = (taken: number | undefined) => {
  const error = vi.fn<(...logged: unknown[]) => void>()
  checkPayloadRoom({ maxPayloadBytes: taken }, { error })
  return error
}

test('a server that accepts only small messages is logged, with the size that it needs', () => {
  const needed = { max_payload: 1_048_576, needed: maxPayloadBytes }
  expect(check(1_048_576)).toHaveBeenCalledWith(needed, expect.stringContaining('max_payload'))
})

test('a server that accepts large enough messages is not logged', () => {
  expect(check(maxPayloadBytes)).not.toHaveBeenCalled()
  expect(check(undefined)).not.toHaveBeenCalled()
})
