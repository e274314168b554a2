import { expect, test, vi } from 'vitest'
import type { EdgeConfig } from '../config.ts'
import type { Connection } from '../connection/connection.ts'
import { FollowedTurns } from '../connection/followed-turns.ts'
import { ConversationWatch } from '../resume/conversation-watch.ts'
import { ReplyFeed } from './reply-feed.ts'
import { relayReply } from './relay-reply.ts'

const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
const conversation_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e12'
const turn = { session_id, conversation_id, user_id: 7 }

function makeDeps() {
  const bus = {
    subscribe: () => ({ unsubscribe: () => {} }),
    listen: () => {},
    request: () => Promise.reject(new Error('no answer')),
  }
  const viewers = { add: () => {}, addConversation: () => ({ [Symbol.dispose]: () => {} }) }
  const config = { EDGE_SILENCE_MS: 1000, EDGE_ASK_AGAIN_MS: 1000, EDGE_HELD_BYTES: 1024 } as EdgeConfig
  return { bus, viewers, config, feed: new ReplyFeed(bus), now: () => performance.now() }
}

test('client - it left before its turn is followed - nothing stays: no timer, no subscription', async () => {
  vi.useFakeTimers()
  try {
    const deps = makeDeps()
    const relay = relayReply(turn, { ended: AbortSignal.abort(), send: () => {} }, deps)
    relay.begin({ joined: true })
    await relay.ended
    await vi.advanceTimersByTimeAsync(5000)
    expect({ timers: vi.getTimerCount(), channels: deps.feed.size }).toEqual({ timers: 0, channels: 0 })
  } finally {
    vi.useRealTimers()
  }
})

test('client - it left before its conversation is watched - no subscription stays', async () => {
  const deps = makeDeps()
  const connection = {
    conversationId: conversation_id,
    ended: AbortSignal.abort(),
    turns: new FollowedTurns(),
  } as Partial<Connection> as Connection
  new ConversationWatch(connection, deps).begin(null)
  await expect.poll(() => deps.feed.size).toBe(0)
})
