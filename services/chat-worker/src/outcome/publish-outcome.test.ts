import { PublishRefusedError } from '@omni2/bus'
import { TerminalError } from '@omni2/service-kit'
import { expect, test, vi } from 'vitest'
import type { EndedTurn } from './ended-turn.ts'
import { publishOutcome, sendOutcome } from './publish-outcome.ts'
import type { CountDeps } from './count-outcome.ts'

const ended: EndedTurn = {
  session_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
  conversation_id: null,
  user_id: 2,
  source: 'ws',
  status: 'cancelled',
  attempt: 1,
  user_text: 'Hi',
  replaces: null,
  created_at: new Date(0),
  ended_at: new Date(1),
  terminal: { type: 'cancelled', seq: 1, body: {} },
}

test('a settlement that no stream will ever accept - sent to clients, tried once, and left to an operator', async () => {
  const refused = new PublishRefusedError('flow', { isTooLarge: true, cause: undefined })
  const bus = {
    publish: vi.fn<() => void>(),
    publishDurably: vi.fn<() => Promise<never>>(() => Promise.reject(refused)),
  }
  const recentOutcomes = { add: () => {} }
  await expect(sendOutcome(ended, { bus, recentOutcomes })).rejects.toThrow(TerminalError)
  expect(bus.publish).toHaveBeenCalledOnce()
  expect(bus.publishDurably).toHaveBeenCalledOnce()
})

test('an end that cannot be counted - published all the same', async () => {
  const bus = {
    publish: vi.fn<() => void>(),
    publishDurably: vi.fn<() => Promise<{ duplicate: boolean; seq: number }>>(async () => ({
      duplicate: false,
      seq: 1,
    })),
  }
  const add = () => {
    throw new Error('no number')
  }
  const metrics = { turnsEnded: { add } } as unknown as CountDeps['metrics']
  await publishOutcome(ended, {}, { bus, recentOutcomes: { add: () => {} }, metrics })
  expect(bus.publish).toHaveBeenCalledOnce()
  expect(bus.publishDurably).toHaveBeenCalledOnce()
})
