import { encodeTurnFrame, readFrameHead } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { RefusedUsers } from './refused-users.ts'

const rate = { error: 'Too many.', code: 'rate_limited', retry_after_ms: 30_000 } as const
const busy = { error: 'Too many at once.', code: 'concurrency_limited' } as const

/** An edge's memory on a clock that the test moves. */
function openMemory() {
  let nowMs = 0
  const lines: unknown[] = []
  const memory = new RefusedUsers({
    now: () => nowMs,
    log: { info: (line: unknown) => void lines.push(line) },
  })
  const sink = { ended: new AbortController().signal, send: () => {} }
  let turns = 0
  /** Whether a turn gets past the edge; then the worker answers with a frame. */
  const ask = (user_id: number, answer?: { type: 'error' | 'started'; fields: Record<string, unknown> }) => {
    turns += 1
    const session_id = `00000000-0000-4000-8000-${String(turns).padStart(12, '0')}`
    const refusal = memory.refuse({ session_id, user_id })
    if (refusal || !answer) return refusal
    const bytes = Buffer.from(
      encodeTurnFrame({ type: answer.type, session_id, attempt: 1, from: 1, seq: 1 }, answer.fields),
    )
    memory.learnFrom({ session_id, user_id }, sink).send(bytes, readFrameHead(bytes))
    return undefined
  }
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { memory, ask, pass, lines }
}

test('a user that no worker has refused - is never refused', () => {
  const { ask } = openMemory()
  for (let turn = 0; turn < 1000; turn += 1) expect(ask(1, { type: 'started', fields: {} })).toBeUndefined()
})

test('a user over the rate - is refused until the minute is over, with the time that is left; other users are not', () => {
  const { ask, pass, lines } = openMemory()
  expect(ask(1, { type: 'error', fields: rate })).toBeUndefined()
  pass(10_000)
  for (let turn = 0; turn < 100; turn += 1)
    expect(ask(1)).toMatchObject({ code: 'rate_limited', fields: { retry_after_ms: 20_000 } })
  expect(ask(2)).toBeUndefined()
  expect(lines).toEqual([{ user_id: 1, code: 'rate_limited' }])
  pass(20_001)
  expect(ask(1)).toBeUndefined()
})

test('a user who is refused for another reason - may try again, a bounded number of times', () => {
  const { ask, pass } = openMemory()
  const tryOften = () =>
    Array.from({ length: 100 }, () => ask(1, { type: 'error', fields: busy })).filter((one) => !one).length
  expect(tryOften()).toBe(20)
  pass(30_000)
  expect(tryOften()).toBe(10)
})

test('a turn that is admitted - gives its try back', () => {
  const { ask } = openMemory()
  ask(1, { type: 'error', fields: busy })
  for (let turn = 0; turn < 100; turn += 1) expect(ask(1, { type: 'started', fields: {} })).toBeUndefined()
})

test('a refusal behind snapshot 0 - is learned like any other', () => {
  const { memory, ask } = openMemory()
  const asked = { session_id: '00000000-0000-4000-8000-000000000001', user_id: 1 }
  const sink = memory.learnFrom(asked, { ended: new AbortController().signal, send: () => {} })
  const head = { session_id: asked.session_id, attempt: 2 }
  const frames = [
    encodeTurnFrame({ ...head, type: 'snapshot', from: 0, seq: 0 }, { text: '' }),
    encodeTurnFrame({ ...head, type: 'error', from: 1, seq: 1 }, rate),
  ]
  for (const bytes of frames) sink.send(bytes, readFrameHead(bytes))
  expect(ask(1)).toMatchObject({ code: 'rate_limited' })
})

test('a user who has changed - is checked by workers again', () => {
  const { memory, ask } = openMemory()
  ask(1, { type: 'error', fields: rate })
  expect(ask(1)).toBeDefined()
  memory.forget(1)
  expect(ask(1)).toBeUndefined()
})

test('a turn that was let through - is never refused when it is sent again', () => {
  const { memory, ask } = openMemory()
  const turn = { session_id: '00000000-0000-4000-9000-000000000000', user_id: 1 }
  expect(memory.refuse(turn)).toBeUndefined()
  ask(1, { type: 'error', fields: rate })
  expect(memory.refuse(turn)).toBeUndefined()
  expect(ask(1)).toBeDefined()
})
