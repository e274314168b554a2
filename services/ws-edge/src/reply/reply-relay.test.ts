import { encodeTurnFrame, isTerminalFrameType, readFrameHead, type ServerFrameType } from '@omni2/contracts'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { TurnFrame } from '../frames/held-frames.ts'
import type { Recovery } from './recover-reply.ts'
import type { ReplyCursor } from '../frames/reply-cursor.ts'
import { ReplyRelay } from './reply-relay.ts'

const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
const config = { EDGE_SILENCE_MS: 1_000_000, EDGE_ASK_AGAIN_MS: 1_000_000, EDGE_HELD_BYTES: 2048 }

function makeFrame(type: ServerFrameType, seq: number, text?: string): TurnFrame {
  const head = { type, session_id, attempt: 1, from: seq, seq }
  return { head, bytes: encodeTurnFrame(head, text === undefined ? {} : { text }) }
}

/** What a client makes of the frames it gets: tokens are appended, a snapshot replaces. */
function openRelay(recover: () => Promise<Recovery>, cursor?: ReplyCursor, deliverWaiting = () => {}) {
  const client = { text: '', seq: 0, hasEnded: false }
  const deliver = ({ bytes }: { bytes: Uint8Array }) => {
    const head = readFrameHead(bytes)
    const { text = '' }: { text?: string } = JSON.parse(new TextDecoder().decode(bytes))
    expect(client.hasEnded).toBe(false)
    expect(head?.seq).toBeGreaterThan(client.seq)
    client.seq = head?.seq ?? 0
    client.text = head?.type === 'snapshot' ? text : client.text + text
    client.hasEnded = isTerminalFrameType(head?.type ?? '')
  }
  const relay = new ReplyRelay({ deliver, deliverWaiting, recover, now: () => 0, config }, cursor)
  return { relay, client }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('whatever is lost, doubled or late, a client that gets a last token has the whole text', async () => {
  const fates = fc.constantFrom('arrives', 'is lost', 'comes twice', 'is lost, then asked')
  await fc.assert(
    fc.asyncProperty(fc.array(fates, { maxLength: 40 }), async (turns) => {
      let said = ''
      let seq = 0
      const snapshot = async (): Promise<Recovery> => ({
        found: 'snapshot',
        frame: makeFrame('snapshot', seq, said),
      })
      const { relay, client } = openRelay(snapshot)
      relay.begin({ joined: false })
      for (const fate of turns) {
        said += String.fromCodePoint(97 + (seq % 26))
        seq += 1
        const frame = makeFrame('token', seq, said.at(-1))
        if (fate === 'arrives' || fate === 'comes twice') relay.receive(frame)
        if (fate === 'comes twice') relay.receive(frame)
        if (fate === 'is lost, then asked') relay.lookAgain()
        if (seq % 3 === 0) await settle()
      }
      seq += 1
      said += '!'
      relay.receive(makeFrame('token', seq, '!'))
      await settle()
      await settle()
      expect([client.text, client.seq]).toEqual([said, seq])
      relay[Symbol.dispose]()
    }),
  )
})

test('nothing goes out before it begins, then everything in order', async () => {
  const { relay, client } = openRelay(async () => ({ found: 'nothing' }))
  for (let seq = 1; seq <= 3; seq += 1) relay.receive(makeFrame('token', seq, String(seq)))
  relay.receive(makeFrame('done', 4))
  expect([client.text, relay.hasFrames]).toEqual(['', true])
  relay.begin({ joined: false })
  expect([client.text, client.hasEnded]).toEqual(['123', true])
  await relay.ended
})

test('more than it may hold is dropped, and asked for; an end is kept', async () => {
  let asked = 0
  const { relay, client } = openRelay(async () => {
    asked += 1
    return { found: 'nothing' }
  })
  for (let seq = 1; seq <= 10; seq += 1) relay.receive(makeFrame('token', seq, 'x'.repeat(400)))
  relay.begin({ joined: false })
  await settle()
  expect([client.text, asked]).toEqual(['', 1])
  relay.receive(makeFrame('done', 11))
  await relay.ended
  expect(client.hasEnded).toBe(true)
})

const asked = (end: TurnFrame): Recovery => ({
  found: 'end',
  bytes: encodeTurnFrame(end.head, { question: 'Why?' }),
})

test('a viewer without any frame of a turn gets an end with the question, where there is one', async () => {
  const end = makeFrame('done', 9)
  for (const [recovery, question] of [
    [asked(end), 'Why?'],
    [{ found: 'nothing' } as const, undefined],
  ] as const) {
    const sent: unknown[] = []
    const deliver = ({ bytes }: { bytes: Uint8Array }) =>
      void sent.push(JSON.parse(new TextDecoder().decode(bytes)))
    const recover = async () => recovery
    const relay = new ReplyRelay({ deliver, deliverWaiting: () => {}, recover, now: () => 0, config })
    relay.begin({ joined: false })
    relay.receive(end)
    await relay.ended
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ type: 'done', seq: 9, ...(question && { question }) })
  }
})

test('the client that asked gets the end at once, without its question', async () => {
  const sent: unknown[] = []
  const relay = new ReplyRelay({
    deliver: ({ bytes }) => void sent.push(JSON.parse(new TextDecoder().decode(bytes))),
    deliverWaiting: () => {},
    recover: () => Promise.reject(new Error('nothing is asked')),
    now: () => 0,
    config,
    own: { question: { text: 'Why?', replaces: null }, deliverMismatch: () => {} },
  })
  relay.begin({ joined: false })
  const { head } = makeFrame('started', 1)
  relay.receive({ head, bytes: encodeTurnFrame(head, { question: 'Why?' }) })
  relay.receive(makeFrame('done', 9))
  await relay.ended
  expect(sent).toEqual([head, makeFrame('done', 9).head])
})

test('held text reaches the client before the end from the row', async () => {
  const answer = Promise.withResolvers<Recovery>()
  const { relay, client } = openRelay(() => answer.promise)
  relay.begin({ joined: true })
  relay.receive(makeFrame('token', 1, 'a'))
  answer.resolve({ found: 'end', bytes: makeFrame('done', 2).bytes })
  await relay.ended
  expect([client.text, client.hasEnded]).toEqual(['a', true])
})

test('a client that left is sent nothing more', async () => {
  const { relay, client } = openRelay(async () => ({ found: 'nothing' }))
  relay.begin({ joined: false })
  relay[Symbol.dispose]()
  relay.receive(makeFrame('token', 1, 'a'))
  await relay.ended
  expect(client.text).toBe('')
})

test.each<[string, Recovery, string]>([
  ['what the client lacks', { found: 'snapshot', frame: makeFrame('snapshot', 4, 'abcd') }, 'abcde'],
  ['nothing it has', { found: 'snapshot', frame: makeFrame('snapshot', 2, 'ab') }, 'cde'],
])('joining an older turn sends %s, then what was held after it', (_, recovery, expected) => {
  const { relay, client } = openRelay(async () => ({ found: 'nothing' }), { attempt: 1, seq: 2 })
  for (const [index, piece] of ['c', 'd', 'e'].entries()) relay.receive(makeFrame('token', 3 + index, piece))
  expect(client.text).toBe('')
  relay.join(recovery)
  expect([client.text, client.seq]).toEqual([expected, 5])
  relay[Symbol.dispose]()
})

test('joining a turn that no worker runs sends waiting, then the frames that come', async () => {
  let waited = 0
  const { relay, client } = openRelay(
    async () => ({ found: 'nothing' }),
    undefined,
    () => (waited += 1),
  )
  relay.receive(makeFrame('token', 1, 'a'))
  relay.join({ found: 'pending', attempt: 1 })
  relay.receive(makeFrame('done', 2))
  await relay.ended
  expect([client.text, waited, relay.hasSentEnd]).toEqual(['a', 1, true])
})

test.each<[string, (relay: ReplyRelay) => void]>([
  [
    'a snapshot that it asked for',
    (relay) => {
      relay.begin({ joined: false })
      relay.lookAgain()
    },
  ],
  ['`waiting`', (relay) => relay.join({ found: 'nothing' })],
  [
    'a snapshot that it joins with',
    (relay) => relay.join({ found: 'snapshot', frame: makeFrame('snapshot', 3, 'abc') }),
  ],
])('a client that leaves during %s - is asked for no more', async (_, act) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const leave = () => relay[Symbol.dispose]()
    const recover = async (): Promise<Recovery> => ({
      found: 'snapshot',
      frame: makeFrame('snapshot', 3, 'abc'),
    })
    const relay: ReplyRelay = new ReplyRelay({
      deliver: leave,
      deliverWaiting: leave,
      recover,
      now: () => 0,
      config,
    })
    act(relay)
    await settle()
    await relay.ended
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
