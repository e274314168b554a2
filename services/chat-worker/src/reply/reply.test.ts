import { expect, test } from 'vitest'
import { FlushTick } from './flush-tick.ts'
import { Ownership } from './ownership.ts'
import { Reply } from './reply.ts'

const address = { session_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11', conversation_id: null }

const delays: number[] = []
const flushed: number[] = []
const metrics = {
  tokenDelaySeconds: { observe: (seconds: number) => void delays.push(seconds) },
  flushReplies: { observe: (replies: number) => void flushed.push(replies) },
}

function openReply(
  ownership: Pick<Ownership, 'isFresh' | 'confirm'> = { isFresh: () => true, confirm: async () => true },
) {
  const sent: { type: string; seq: number; text?: string }[] = []
  const publish = (_subject: string, frame: Uint8Array | string) =>
    void sent.push(JSON.parse(String(Buffer.from(frame))))
  const requested: Reply[] = []
  const tick = { request: (reply: Reply) => void requested.push(reply), forget: () => {} }
  const reply = new Reply(address, 1, { bus: { publish }, tick, ownership, metrics })
  return { reply, sent, requested }
}

test('sends the first piece at once and collects the next ones until the tick', () => {
  const { reply, sent, requested } = openReply()
  reply.say('a')
  reply.say('b')
  reply.say('c')
  expect(sent.map(({ text }) => text)).toEqual(['a'])
  requested[0]?.flush()
  expect(sent.map(({ seq, text }) => [seq, text])).toEqual([
    [1, 'a'],
    [2, 'bc'],
  ])
})

test('sends collected text before any other frame, numbered without gaps', () => {
  const { reply, sent } = openReply()
  reply.send('started')
  reply.say('a')
  reply.say('b')
  reply.send('done')
  expect(sent.map(({ type, seq }) => [type, seq])).toEqual([
    ['started', 1],
    ['token', 2],
    ['token', 3],
    ['done', 4],
  ])
})

test('holds frames back while ownership is in doubt, and sends them in order once it is confirmed', async () => {
  const answer = Promise.withResolvers<boolean>()
  let fresh = false
  const { reply, sent } = openReply({ isFresh: () => fresh, confirm: () => answer.promise })
  reply.say('a')
  fresh = true
  reply.send('done')
  expect(sent).toEqual([])
  answer.resolve(true)
  await answer.promise
  expect(sent.map(({ type }) => type)).toEqual(['token', 'done'])
})

test('never sends held frames when ownership is lost', async () => {
  let now = 0
  let stopped = false
  const ownership = new Ownership({
    check: async () => false,
    onLost: () => (stopped = true),
    now: () => now,
  })
  const { reply, sent } = openReply(ownership)
  now = 60_000
  reply.say('a')
  await expect(ownership.confirm()).resolves.toBe(false)
  reply.send('done')
  await ownership.confirm()
  expect(sent).toEqual([])
  expect(stopped).toBe(true)
})

test('a heartbeat after too long a gap does not make ownership fresh again', () => {
  let now = 0
  const ownership = new Ownership({ check: async () => true, onLost: () => {}, now: () => now })
  now = 6_000
  ownership.beat()
  now = 12_000
  expect(ownership.isFresh()).toBe(true)
  now = 40_000
  ownership.beat()
  expect(ownership.isFresh()).toBe(false)
})

test('ownership is in doubt before the queue gives the turn away', () => {
  let now = 0
  const ownership = new Ownership({ check: async () => true, onLost: () => {}, now: () => now })
  now = 7_000
  expect(ownership.isFresh()).toBe(false)
})

test.each([
  ['a worker with time', 0.1, 10_000, 0],
  ['a busy worker with few chunks', 1, 1000, 0],
  ['a worker that is half as busy as it may be', 0.2, 10_000, 20],
  ['a busy worker with many chunks', 0.5, 4000, 40],
])(
  '%s - text waits for more text: at %d utilization and %d chunks a second for %d ms',
  (_, busy, rate, delayMs) => {
    let now = 0
    using tick = new FlushTick({ metrics, now: () => now, utilization: () => busy })
    // One window of a quarter of a second; the next request measures it.
    for (let chunk = 0; chunk < rate / 4; chunk += 1) tick.request({ flush: () => {} })
    tick[Symbol.dispose]()
    now += 250
    tick.request({ flush: () => {} })
    expect(tick.delayMs).toBe(delayMs)
  },
)

test('text that a worker without load has gathered - is sent in the same turn of the event loop', async () => {
  using tick = new FlushTick({ metrics, utilization: () => 0 })
  let flushes = 0
  tick.request({ flush: () => void (flushes += 1) })
  expect(flushes).toBe(0)
  await new Promise((resolve) => setImmediate(resolve))
  expect(flushes).toBe(1)
})
