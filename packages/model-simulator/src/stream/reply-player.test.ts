import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Exchange } from '../log/exchange.ts'
import { ReplyPlayer } from './reply-player.ts'
import type { Step } from './step.ts'

const pace = { firstTokenMs: 100, paceMs: 20 }

function token(piece: string): Step {
  return { do: 'write', text: piece, pieces: [{ type: 'text', piece }], paced: true }
}

/** Plays into a stream that takes `highWaterMark` bytes before it wants to be drained. */
function play(steps: Step[], highWaterMark = 1000) {
  const output = new PassThrough({ readableHighWaterMark: 1, writableHighWaterMark: highWaterMark })
  const exchange = new Exchange({ request: 'req_1', directive: undefined }, Date.now)
  // The player uses nothing of a response that a stream does not have, as long as no step resets it.
  const response = output as unknown as ServerResponse
  new ReplyPlayer(steps.values(), { response, exchange, pace }).start()
  return { output, sent: () => exchange.detail().sent, outcome: () => exchange.summarize().outcome }
}

describe('a player', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  test('gives each token its time, and what is no token goes at once', () => {
    const { sent, outcome } = play([
      { do: 'write', text: '<' },
      token('a'),
      token('b'),
      { do: 'write', text: '>' },
      { do: 'end', outcome: 'finished' },
    ])
    expect(sent()).toBe('<')
    vi.advanceTimersByTime(99)
    expect(sent()).toBe('<')
    vi.advanceTimersByTime(1)
    expect(sent()).toBe('<a')
    vi.advanceTimersByTime(20)
    expect([sent(), outcome(), vi.getTimerCount()]).toEqual(['<ab>', 'finished', 0])
  })

  test('never has more than one timer, and none once the client has left', async () => {
    const { output, sent } = play([token('a'), token('b'), token('c')])
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(100)
    expect([sent(), vi.getTimerCount()]).toEqual(['a', 1])
    const closed = new Promise((resolve) => output.once('close', resolve))
    output.destroy()
    await closed
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is silent for a pause, then keeps its pace', () => {
    const { sent } = play([token('a'), { do: 'pause', ms: 500 }, token('b')])
    vi.advanceTimersByTime(619)
    expect(sent()).toBe('a')
    vi.advanceTimersByTime(1)
    expect(sent()).toBe('ab')
  })

  test('is silent for good, without a timer, in a pause without an end', () => {
    const { sent } = play([token('a'), { do: 'pause', ms: Infinity }, token('b')])
    vi.advanceTimersByTime(1_000_000)
    expect([sent(), vi.getTimerCount()]).toEqual(['a', 0])
  })

  test('writes no further than the connection takes', async () => {
    const steps = Array.from('abcdefghij').map((text): Step => ({ do: 'write', text }))
    const { output, sent } = play(steps, 4)
    const before = sent()
    expect(before.length).toBeLessThan(steps.length)
    output.resume()
    await vi.waitFor(() => expect(sent()).toBe('abcdefghij'))
  })
})
