import { readFrameHead, subjects } from '@omni2/contracts'
import type { Bus, Subscription } from '@omni2/bus'
import type { TurnFrame } from './held-frames.ts'

export interface ReplyFollower {
  receive(frame: TurnFrame): void
  /** The bus was away: frames may have been lost in silence. */
  lookAgain(): void
}

interface Channel {
  readonly subscription: Subscription
  readonly followers: Map<string, Set<ReplyFollower>>
}

/** Hands the frames of running turns to those who follow them; one subscription a conversation, only while one is followed. */
export class ReplyFeed {
  readonly #bus: Pick<Bus, 'subscribe' | 'listen'>
  readonly #channels = new Map<string, Channel>()

  constructor(bus: Pick<Bus, 'subscribe' | 'listen'>) {
    this.#bus = bus
    bus.listen({ onRestored: () => this.#forAll((follower) => follower.lookAgain()) })
  }

  /** Conversations that are subscribed to. */
  get size(): number {
    return this.#channels.size
  }

  /** Follows one turn until disposed. */
  follow(turn: { conversation_id: string; session_id: string }, follower: ReplyFollower): Disposable {
    const channel = this.#channels.get(turn.conversation_id) ?? this.#openChannel(turn.conversation_id)
    const followers = channel.followers.get(turn.session_id) ?? new Set()
    channel.followers.set(turn.session_id, followers.add(follower))
    return { [Symbol.dispose]: () => this.#unfollow(turn, follower) }
  }

  #openChannel(conversationId: string): Channel {
    const followers: Channel['followers'] = new Map()
    const subject = subjects.repliesOfConversation(conversationId)
    const subscription = this.#bus.subscribe(subject, (bytes) => {
      const head = readFrameHead(bytes)
      if (head) followers.get(head.session_id)?.forEach((follower) => follower.receive({ head, bytes }))
    })
    const channel = { subscription, followers }
    this.#channels.set(conversationId, channel)
    return channel
  }

  #unfollow(turn: { conversation_id: string; session_id: string }, follower: ReplyFollower): void {
    const channel = this.#channels.get(turn.conversation_id)
    const followers = channel?.followers.get(turn.session_id)
    followers?.delete(follower)
    if (followers?.size === 0) channel?.followers.delete(turn.session_id)
    if (channel?.followers.size !== 0) return
    channel.subscription.unsubscribe()
    this.#channels.delete(turn.conversation_id)
  }

  #forAll(act: (follower: ReplyFollower) => void): void {
    for (const { followers } of this.#channels.values())
      for (const ofTurn of followers.values()) for (const follower of ofTurn) act(follower)
  }
}
