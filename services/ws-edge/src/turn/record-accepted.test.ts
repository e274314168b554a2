import { makeConversationId, type FlowMessage } from '@omni2/contracts'
import { PublishRefusedError, PublishUnknownError } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recordAccepted } from './record-accepted.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const log = openLogger({ name: 'ws-edge', instance: 'ws-edge-1', level: 'silent' })
const message = {
  session_id: makeConversationId(),
  conversation_id: null,
  source: 'sse',
  client_msg_id: undefined,
  text: 'hello',
  replaces: null,
} as const
const identity = { user_id: 7, username: 'ada', role: 'admin', sid: 'login', session_exp: 4_000_000_000 }

/** What is stored, and how often it was tried, by a stream that fails so until it works. */
function record(fails: (tried: number) => Error | undefined) {
  const stored: FlowMessage[] = []
  const counts = { tried: 0 }
  const publishDurably = async (_subject: string, payload: Uint8Array | string) => {
    counts.tried += 1
    const failure = fails(counts.tried)
    if (failure) throw failure
    stored.push(JSON.parse(String(payload)) as FlowMessage)
    return { duplicate: false, seq: 1 }
  }
  const accepted = { identity, acceptedAt: new Date(), traceparent: undefined }
  const ended = recordAccepted(message, accepted, { bus: { publishDurably }, instance: 'ws-edge-1', log })
  return { stored, counts, ended }
}

test.each([
  ['NATS is away', () => new PublishUnknownError('flow.accepted.x', new Error('timeout'))],
  ['its stream has no room', () => new PublishRefusedError('flow.accepted.x', { isFull: true, cause: null })],
])('where %s for an hour - the event is stored after it', async (_, fail) => {
  const { stored, ended } = record(() => (performance.now() < 3_600_000 ? fail() : undefined))
  await vi.advanceTimersByTimeAsync(3_599_000)
  expect(stored).toEqual([])
  await vi.advanceTimersByTimeAsync(12_000)
  await ended
  expect(stored).toMatchObject([{ kind: 'event', event: { event_type: 'accepted' } }])
})

test('an event that the stream will never take is given up', async () => {
  const { counts, ended } = record(() => new PublishRefusedError('flow.accepted.x', { cause: null }))
  await ended
  expect(counts.tried).toBe(1)
})
