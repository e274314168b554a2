import { encodeTurnFrame } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { FollowedTurns } from './followed-turns.ts'
import { ReplyRelay } from '../reply/reply-relay.ts'

const config = { EDGE_SILENCE_MS: 1_000_000, EDGE_ASK_AGAIN_MS: 1_000_000, EDGE_HELD_BYTES: 2048 }

function follow(turns: FollowedTurns, turnId: string): ReplyRelay {
  const relay = new ReplyRelay({
    deliver: () => {},
    deliverWaiting: () => {},
    recover: async () => ({ found: 'nothing' }),
    now: () => 0,
    config,
  })
  turns.add(turnId, relay)
  relay.begin({ joined: false })
  return relay
}

async function end(relay: ReplyRelay): Promise<void> {
  const head = { type: 'done', session_id: 'any', attempt: 1, from: 1, seq: 1 } as const
  relay.receive({ head, bytes: encodeTurnFrame(head) })
  await relay.ended
}

test('a turn is followed until its end, and that is remembered', async () => {
  const turns = new FollowedTurns()
  const relay = follow(turns, 'a')
  expect([turns.isFollowed('a'), turns.hasEnded('a')]).toEqual([true, false])
  await end(relay)
  expect([turns.isFollowed('a'), turns.hasEnded('a')]).toEqual([false, true])
})

test('the relay that comes later takes over, which is no end', async () => {
  const turns = new FollowedTurns()
  const first = follow(turns, 'a')
  const second = follow(turns, 'a')
  await first.ended
  expect([turns.isFollowed('a'), turns.hasEnded('a')]).toEqual([true, false])
  await end(second)
  expect(turns.isFollowed('a')).toBe(false)
})

test('only the last ends are remembered', async () => {
  const turns = new FollowedTurns()
  for (let count = 0; count <= 64; count += 1) await end(follow(turns, String(count)))
  expect([turns.hasEnded('0'), turns.hasEnded('1'), turns.hasEnded('64')]).toEqual([false, true, true])
})
