import { encodeTurnFrame } from '@omni2/contracts'
import { expect, test } from 'vitest'
import type { ConnectionListener } from '@omni2/bus'
import { ReplyFeed } from './reply-feed.ts'

const conversation_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
const one = { conversation_id, session_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e12' }
const two = { conversation_id, session_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e13' }

function openFeed() {
  const receivers = new Map<string, (payload: Uint8Array) => void>()
  const listeners: ConnectionListener[] = []
  const feed = new ReplyFeed({
    listen: (listener) => void listeners.push(listener),
    subscribe: (subject, receive) => {
      expect(receivers.has(subject)).toBe(false)
      receivers.set(subject, (payload) => receive(payload, subject))
      return { unsubscribe: () => void receivers.delete(subject) }
    },
  })
  const publish = (payload: Uint8Array) => receivers.get(`chat.replies.${conversation_id}.>`)?.(payload)
  const restore = () => listeners.forEach((listener) => listener.onRestored?.(0))
  return { feed, publish, restore, receivers }
}

function openFollower() {
  const heard: string[] = []
  const follower = {
    receive: ({ head }: { head: { session_id: string; seq: number } }) =>
      void heard.push(`frame ${head.seq}`),
    contradict: (digest: string) => void heard.push(`not ${digest}`),
    lookAgain: () => void heard.push('look again'),
  }
  return { heard, follower }
}

test('only followers of the turn itself get a mismatch, and no one gets a payload that is neither that nor a frame', () => {
  const { feed, publish } = openFeed()
  const [own, other, watching] = [openFollower(), openFollower(), openFollower()]
  using _own = feed.follow(one, own.follower)
  using _other = feed.follow(two, other.follower)
  using _watching = feed.followAll(conversation_id, watching.follower)
  const digest = conversation_id
  for (const payload of [JSON.stringify({ session_id: one.session_id, digest }), 'no JSON', '{"digest":1}'])
    publish(Buffer.from(payload))
  expect([own.heard, other.heard, watching.heard]).toEqual([[`not ${digest}`], [], []])
})

const frameOf = ({ session_id }: { session_id: string }, seq: number) =>
  encodeTurnFrame({ type: 'started', session_id, attempt: 1, from: seq, seq })

test('a conversation is subscribed to once, while one of its turns is followed', () => {
  const { feed, receivers } = openFeed()
  const first = feed.follow(one, openFollower().follower)
  const second = feed.follow(two, openFollower().follower)
  const again = feed.follow(one, openFollower().follower)
  expect([feed.size, receivers.size]).toEqual([1, 1])
  for (const following of [first, second]) following[Symbol.dispose]()
  first[Symbol.dispose]()
  expect(receivers.size).toBe(1)
  again[Symbol.dispose]()
  expect([feed.size, receivers.size]).toEqual([0, 0])
})

test('a follower hears its own turn only, as long as it follows', () => {
  const { feed, publish } = openFeed()
  const [first, second] = [openFollower(), openFollower()]
  const following = feed.follow(one, first.follower)
  feed.follow(two, second.follower)
  publish(frameOf(one, 1))
  publish(frameOf(two, 2))
  publish(new TextEncoder().encode('{"type":"pong"}'))
  following[Symbol.dispose]()
  publish(frameOf(one, 3))
  expect([first.heard, second.heard]).toEqual([['frame 1'], ['frame 2']])
})

test('every follower looks again after the bus was away', () => {
  const { feed, restore } = openFeed()
  const followers = [openFollower(), openFollower()]
  feed.follow(one, followers[0]!.follower)
  feed.follow(two, followers[1]!.follower)
  restore()
  expect(followers.map(({ heard }) => heard)).toEqual([['look again'], ['look again']])
})

test('a turn that is followed by itself, with its conversation and twice - counts once, until the last lets go', () => {
  const { feed } = openFeed()
  const follow = (turn: Parameters<ReplyFeed['follow']>[0]) => feed.follow(turn, openFollower().follower)
  const all = feed.followAll(conversation_id, openFollower().follower)
  const held = [one, one, two, { ...one, conversation_id: null }].map(follow)
  expect(feed.turns).toBe(2)
  for (const following of held.slice(0, 3)) following[Symbol.dispose]()
  expect(feed.turns).toBe(1)
  held[3]?.[Symbol.dispose]()
  held[3]?.[Symbol.dispose]()
  expect(feed.turns).toBe(0)
  all[Symbol.dispose]()
})
