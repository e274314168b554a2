import { NoResponderError } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LastViewerGone } from '../parse-last-viewer-gone.ts'
import { TurnViewers } from './turn-viewers.ts'

const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
const conversation_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e12'
const turn = { session_id, conversation_id, user_id: 7 }
const afterMs = 30_000
const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Viewers of an edge; `elsewhere` answers what is asked of the others, by throwing or not. */
function open(
  elsewhere: (subject: string) => void = noEdge,
  setting: LastViewerGone = { action: 'cancel', afterMs },
) {
  const asked: string[] = []
  const answering = new Set<string>()
  const cancels: unknown[] = []
  const stop = new AbortController()
  const request = async ({ subject }: { subject: string }, value: unknown) => {
    if (subject !== 'chat.cancel') {
      asked.push(subject)
      elsewhere(subject)
      return { edge: 'other' }
    }
    cancels.push(value)
    return { state: 'requested' }
  }
  const answer = ({ subject }: { subject: string }) => {
    answering.add(subject)
    return { unsubscribe: () => void answering.delete(subject) }
  }
  const config = { EDGE_OWNER_TIMEOUT_MS: 500, EDGE_CANCEL_TIMEOUT_MS: 500 }
  const bus = { request: request as never, answer }
  const viewers = new TurnViewers({ bus, config, setting, instance: 'edge', stopping: stop.signal, log })
  return { viewers, asked, answering, cancels, stop: () => stop.abort() }
}

function noEdge(subject: string): void {
  throw new NoResponderError(subject)
}

/** A client's relay, to be ended by the client or by the turn's end. */
function makeRelay() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const relay = { ended: promise, hasSentEnd: false, leave: resolve, finish: () => {} }
  relay.finish = () => {
    relay.hasSentEnd = true
    resolve()
  }
  return relay
}

const settle = () => vi.advanceTimersByTimeAsync(0)

test("a turn whose last viewer has gone is cancelled in its user's name, once, and not before the time", async () => {
  const { viewers, cancels, answering } = open()
  const [one, two] = [makeRelay(), makeRelay()]
  for (const relay of [one, two]) viewers.add(turn, relay)
  one.leave()
  await vi.advanceTimersByTimeAsync(afterMs)
  expect(cancels).toEqual([])
  two.leave()
  await vi.advanceTimersByTimeAsync(afterMs - 1)
  expect([cancels, answering.size]).toEqual([[], 1])
  await vi.advanceTimersByTimeAsync(1)
  expect(cancels).toEqual([{ session_id, user_id: 7, by: 'last_viewer_gone', accepted: false }])
  expect(answering.size).toBe(0)
  await vi.advanceTimersByTimeAsync(10 * afterMs)
  expect(cancels).toHaveLength(1)
})

test('a viewer that comes back in time keeps the turn, and its own leaving restarts the timer', async () => {
  const { viewers, cancels } = open()
  const [one, two] = [makeRelay(), makeRelay()]
  viewers.add(turn, one)
  one.leave()
  await vi.advanceTimersByTimeAsync(afterMs - 1)
  viewers.add({ ...turn, conversation_id: null }, two)
  await vi.advanceTimersByTimeAsync(2 * afterMs)
  expect(cancels).toEqual([])
  two.leave()
  await vi.advanceTimersByTimeAsync(afterMs)
  expect(cancels).toHaveLength(1)
})

test('a turn that has ended is not cancelled, nor answered for', async () => {
  const { viewers, cancels, answering } = open()
  const [one, two] = [makeRelay(), makeRelay()]
  for (const relay of [one, two]) viewers.add(turn, relay)
  one.finish()
  two.leave()
  await settle()
  expect(answering.size).toBe(0)
  await vi.advanceTimersByTimeAsync(afterMs)
  expect(cancels).toEqual([])
})

test('a turn that another edge watches is its matter; the conversation is asked about too', async () => {
  for (const id of [session_id, conversation_id]) {
    const { viewers, asked, cancels } = open((subject) => subject.endsWith(id) || noEdge(subject))
    const relay = makeRelay()
    viewers.add(turn, relay)
    relay.leave()
    await vi.advanceTimersByTimeAsync(10 * afterMs)
    expect(asked).toEqual([`chat.viewers.${session_id}`, `chat.viewers.${conversation_id}`])
    expect(cancels).toEqual([])
  }
})

test('a connection that has the conversation open here watches its turns', async () => {
  const { viewers, asked, cancels, answering } = open()
  const relay = makeRelay()
  const watch = viewers.addConversation(conversation_id)
  viewers.add(turn, relay)
  relay.leave()
  await vi.advanceTimersByTimeAsync(afterMs)
  expect([asked, cancels, [...answering]]).toEqual([[], [], [`chat.viewers.${conversation_id}`]])
  watch[Symbol.dispose]()
  expect(answering.size).toBe(0)
})

test('an edge that listens and does not answer may have a viewer: asked again, then left to finish', async () => {
  const { viewers, asked, cancels } = open(() => {
    throw new Error('no answer')
  })
  const relay = makeRelay()
  viewers.add({ ...turn, conversation_id: null }, relay)
  relay.leave()
  await vi.advanceTimersByTimeAsync(10 * afterMs)
  expect([asked.length, cancels]).toEqual([3, []])
})

test('an edge that stops cancels nothing that was left before or is left then', async () => {
  const { viewers, cancels, answering, stop } = open()
  const [before, then] = [makeRelay(), makeRelay()]
  viewers.add(turn, before)
  viewers.add({ ...turn, session_id: conversation_id }, then)
  before.leave()
  await settle()
  stop()
  expect([...answering]).toEqual([`chat.viewers.${conversation_id}`])
  then.leave()
  await vi.advanceTimersByTimeAsync(2 * afterMs)
  expect([cancels, answering.size]).toEqual([[], 0])
})

test('where turns finish without viewers, edges send no question and no answer', async () => {
  const { viewers, asked, answering, cancels } = open(noEdge, { action: 'finish' })
  const relay = makeRelay()
  viewers.add(turn, relay)
  using _watch = viewers.addConversation(conversation_id)
  expect(answering.size).toBe(0)
  relay.leave()
  await vi.advanceTimersByTimeAsync(afterMs)
  expect([asked, cancels]).toEqual([[], []])
})
