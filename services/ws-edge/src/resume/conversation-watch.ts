import { addAbortListener } from 'node:events'
import { isTerminalFrameType } from '@omni2/contracts'
import type { Connection } from '../connection/connection.ts'
import type { TurnFrame } from '../frames/held-frames.ts'
import { relayReply, type RelayDeps } from '../reply/relay-reply.ts'
import type { ReplyFollower } from '../reply/reply-feed.ts'
import type { ReplyRelay } from '../reply/reply-relay.ts'
import { WholeAnswer } from '../reply/whole-answer.ts'

/** Lets a connection see every turn of the conversation it belongs to now; a second time changes nothing. */
export function watchConversation(connection: Connection, deps: RelayDeps): void {
  if (connection.watchedConversation === connection.conversationId) return
  new ConversationWatch(connection, deps).begin(null)
}

/**
 * Shows a connection every turn of its conversation, also those of other connections. Holding: frames are kept until a
 * worker has confirmed the user's right to them. Watching: the watch follows each turn it hears of. A turn whose
 * beginning it missed begins with a snapshot. It does not show a turn that ended before the connection opened, also
 * when the end is published again. Ended: the connection closed or changed to another conversation.
 *
 * Only one turn of a conversation runs at a time, so it follows few at once.
 */
export class ConversationWatch implements ReplyFollower, Disposable {
  readonly #connection: Connection
  readonly #conversationId: string
  readonly #deps: RelayDeps
  readonly #following = new DisposableStack()
  #held: { relay: ReplyRelay; first: TurnFrame }[] | undefined = []

  /** Begins to hear at once. */
  constructor(connection: Connection, deps: RelayDeps) {
    this.#connection = connection
    this.#conversationId = connection.conversationId
    connection.watchedConversation = this.#conversationId
    this.#deps = deps
    this.#following.use(deps.feed.followAll(this.#conversationId, this))
    this.#following.use(deps.viewers.addConversation(this.#conversationId))
    addAbortListener(connection.ended, () => this[Symbol.dispose]())
  }

  /** Lets frames out; `running`: the turn that runs now, where one does. */
  begin(running: string | null): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const { relay, first } of held) {
      if (this.#wasOver(first)) relay[Symbol.dispose]()
      else relay.begin({ joined: false })
    }
    if (running !== null && this.#isNew(running)) this.#follow(running).begin({ joined: true })
  }

  receive(frame: TurnFrame): void {
    if (this.#connection.conversationId !== this.#conversationId) return this[Symbol.dispose]()
    const { session_id } = frame.head
    if (!this.#isNew(session_id) || this.#wasOver(frame)) return
    const relay = this.#follow(session_id)
    if (this.#held) this.#held.push({ relay, first: frame })
    else relay.begin({ joined: false })
    relay.receive(frame)
  }

  /** Who asks nothing is contradicted by nothing. */
  contradict(): void {}

  /** Each turn looks again by itself. */
  lookAgain(): void {}

  [Symbol.dispose](): void {
    this.#following.dispose()
  }

  #isNew(turnId: string): boolean {
    const { turns } = this.#connection
    return !turns.isFollowed(turnId) && !turns.hasEnded(turnId)
  }

  /** Whether the first frame of a turn that arrives is its end, from before the connection was opened. */
  #wasOver({ head, bytes }: TurnFrame): boolean {
    const { openedAt } = this.#connection
    if (openedAt === undefined || !isTerminalFrameType(head.type)) return false
    const { ended_at }: { ended_at?: string } = JSON.parse(new TextDecoder().decode(bytes))
    return ended_at !== undefined && ended_at < openedAt
  }

  #follow(session_id: string): ReplyRelay {
    const { identity, turns } = this.#connection
    const turn = { session_id, conversation_id: this.#conversationId, user_id: identity.user_id }
    const relay = relayReply(turn, new WholeAnswer(this.#connection), this.#deps)
    turns.add(session_id, relay)
    return relay
  }
}
