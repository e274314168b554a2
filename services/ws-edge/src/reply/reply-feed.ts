import { mismatchSchema, readFrameHead, subjects, type TurnAddress } from '@omni2/contracts'
import type { Bus, Subscription } from '@omni2/bus'
import type { TurnFrame } from '../frames/held-frames.ts'

export interface ReplyFollower {
  receive(frame: TurnFrame): void
  /** A message came under the turn's id whose question has this digest, and is not the turn's. */
  contradict(digest: string): void
  /** The bus was away: frames may have been lost in silence. */
  lookAgain(): void
}

interface Channel {
  readonly subscription: Subscription
  /** By session_id, or by `everyTurn`. */
  readonly followers: Map<string, Set<ReplyFollower>>
}

const everyTurn = '*'

/** Gives a payload that is not a frame to those that follow the turn as their own. */
function notifyMismatch(bytes: Uint8Array, followers: Channel['followers']): void {
  const mismatch = mismatchSchema.safeParse(parseJson(bytes)).data
  if (mismatch)
    followers.get(mismatch.session_id)?.forEach((follower) => follower.contradict(mismatch.digest))
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

/** Hands the frames of running turns to their followers; one subscription for each conversation that has some. */
export class ReplyFeed {
  readonly #bus: Pick<Bus, 'subscribe' | 'listen'>
  readonly #channels = new Map<string, Channel>()
  /** Channels in which a turn is followed: its own, its conversation's. */
  readonly #turns = new Map<string, number>()

  constructor(bus: Pick<Bus, 'subscribe' | 'listen'>) {
    this.#bus = bus
    bus.listen({ onRestored: () => this.#forAll((follower) => follower.lookAgain()) })
  }

  /** Conversations, and turns without one, that are subscribed to. */
  get size(): number {
    return this.#channels.size
  }

  /** Turns that are followed, however many follow each. */
  get turns(): number {
    return this.#turns.size
  }

  /** Follows one turn until disposed. */
  follow({ conversation_id, session_id }: TurnAddress, follower: ReplyFollower): Disposable {
    const channel =
      conversation_id === null
        ? subjects.repliesOfTurn(session_id)
        : subjects.repliesOfConversation(conversation_id)
    return this.#follow(channel, session_id, follower)
  }

  /** Follows every turn of a conversation until disposed. */
  followAll(conversationId: string, follower: ReplyFollower): Disposable {
    return this.#follow(subjects.repliesOfConversation(conversationId), everyTurn, follower)
  }

  #follow(subject: string, turn: string, follower: ReplyFollower): Disposable {
    const { followers } = this.#channels.get(subject) ?? this.#openChannel(subject)
    const ofTurn = followers.get(turn) ?? new Set()
    if (ofTurn.size === 0) this.#countChannels(turn, 1)
    followers.set(turn, ofTurn.add(follower))
    return { [Symbol.dispose]: () => this.#unfollow(subject, turn, follower) }
  }

  #openChannel(subject: string): Channel {
    const followers: Channel['followers'] = new Map()
    const subscription = this.#bus.subscribe(subject, (bytes) => {
      const head = readFrameHead(bytes)
      if (!head) return notifyMismatch(bytes, followers)
      const frame = { head, bytes }
      // Followers of the turn first: a follower of all turns may begin to follow this one.
      followers.get(head.session_id)?.forEach((follower) => follower.receive(frame))
      followers.get(everyTurn)?.forEach((follower) => follower.receive(frame))
    })
    const channel = { subscription, followers }
    this.#channels.set(subject, channel)
    return channel
  }

  #unfollow(subject: string, turn: string, follower: ReplyFollower): void {
    const channel = this.#channels.get(subject)
    const ofTurn = channel?.followers.get(turn)
    ofTurn?.delete(follower)
    if (ofTurn?.size === 0 && channel?.followers.delete(turn)) this.#countChannels(turn, -1)
    if (channel?.followers.size !== 0) return
    channel.subscription.unsubscribe()
    this.#channels.delete(subject)
  }

  #countChannels(turn: string, more: number): void {
    if (turn === everyTurn) return
    const channels = (this.#turns.get(turn) ?? 0) + more
    if (channels === 0) this.#turns.delete(turn)
    else this.#turns.set(turn, channels)
  }

  #forAll(act: (follower: ReplyFollower) => void): void {
    for (const { followers } of this.#channels.values())
      for (const ofTurn of followers.values()) for (const follower of ofTurn) act(follower)
  }
}
