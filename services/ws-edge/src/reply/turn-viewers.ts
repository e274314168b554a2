import { requests } from '@omni2/contracts'
import type { Bus, Subscription } from '@omni2/bus'
import { cancelUnwatchedTurn, type CancelUnwatchedDeps } from './cancel-unwatched-turn.ts'
import type { LastViewerGone } from '../parse-last-viewer-gone.ts'
import type { FollowedTurn } from './followed-turn.ts'
import type { ReplyRelay } from './reply-relay.ts'

interface ViewersDeps extends CancelUnwatchedDeps {
  readonly bus: Pick<Bus, 'request' | 'answer'>
  readonly setting: LastViewerGone
  readonly stopping: AbortSignal
}

interface WatchedTurn {
  viewers: number
  /** A viewer saw its end. */
  isOver: boolean
  /** Null where no viewer has said it. */
  conversationId: string | null
  readonly answering: Subscription
  /** Runs while the turn has no viewer. */
  timer?: NodeJS.Timeout
}

/**
 * The viewers of turns at this edge, where turns without viewers are cancelled. Watched: the turn has a viewer. Left:
 * its last viewer left before its end. A viewer may then come back, to any edge, within a set time. After it this edge
 * cancels the turn, unless another edge has it watched or left: then that edge decides. Until then this edge answers
 * for the turn. An edge that stops cancels nothing: its clients reconnect to other edges.
 *
 * Holds one entry for each turn that is watched or left, so at most those of the connections within the last such time.
 */
export class TurnViewers {
  readonly #deps: ViewersDeps
  readonly #turns = new Map<string, WatchedTurn>()
  readonly #conversations = new Map<string, { viewers: number; readonly answering: Subscription }>()

  constructor(deps: ViewersDeps) {
    this.#deps = deps
    deps.stopping.addEventListener('abort', () => this.#forgetLeft())
  }

  /** A relay's client watches its turn until the relay ends. */
  add(turn: FollowedTurn, relay: Pick<ReplyRelay, 'ended' | 'hasSentEnd'>): void {
    const { setting } = this.#deps
    if (setting.action === 'cancel') void this.#watch(turn, relay, setting.afterMs)
  }

  /** A conversation is open, so that each of its turns is watched, until disposed. */
  addConversation(conversationId: string): Disposable {
    if (this.#deps.setting.action === 'finish') return { [Symbol.dispose]: () => {} }
    const open = this.#conversations.get(conversationId) ?? {
      viewers: 0,
      answering: this.#answerFor(conversationId),
    }
    open.viewers += 1
    this.#conversations.set(conversationId, open)
    return { [Symbol.dispose]: () => this.#closeConversation(conversationId, open) }
  }

  async #watch(
    turn: FollowedTurn,
    relay: Pick<ReplyRelay, 'ended' | 'hasSentEnd'>,
    afterMs: number,
  ): Promise<void> {
    const watched = this.#turns.get(turn.session_id) ?? this.#open(turn)
    clearTimeout(watched.timer)
    watched.viewers += 1
    watched.conversationId ??= turn.conversation_id
    await relay.ended
    watched.viewers -= 1
    watched.isOver ||= relay.hasSentEnd
    if (watched.viewers === 0) this.#leave(turn, watched, afterMs)
  }

  #open({ session_id, conversation_id }: FollowedTurn): WatchedTurn {
    const answering = this.#answerFor(session_id)
    const watched = { viewers: 0, isOver: false, conversationId: conversation_id, answering }
    this.#turns.set(session_id, watched)
    return watched
  }

  #leave({ session_id, user_id }: FollowedTurn, watched: WatchedTurn, afterMs: number): void {
    if (watched.isOver || this.#deps.stopping.aborted) return this.#forget(session_id, watched)
    const conversation_id = watched.conversationId
    watched.timer = setTimeout(() => {
      // No longer answered for before others are asked: of two edges that ask at once at least one hears nothing.
      this.#forget(session_id, watched)
      const isWatchedHere = () =>
        this.#turns.has(session_id) || (conversation_id !== null && this.#conversations.has(conversation_id))
      const turn = { session_id, conversation_id, user_id }
      void cancelUnwatchedTurn(turn, { ...this.#deps, isWatchedHere, pauseMs: afterMs })
    }, afterMs)
  }

  #forget(turnId: string, watched: WatchedTurn): void {
    clearTimeout(watched.timer)
    watched.answering.unsubscribe()
    if (this.#turns.get(turnId) === watched) this.#turns.delete(turnId)
  }

  #forgetLeft(): void {
    for (const [turnId, watched] of this.#turns) if (watched.viewers === 0) this.#forget(turnId, watched)
  }

  #closeConversation(id: string, open: { viewers: number; readonly answering: Subscription }): void {
    open.viewers -= 1
    if (open.viewers > 0) return
    open.answering.unsubscribe()
    this.#conversations.delete(id)
  }

  #answerFor(id: string): Subscription {
    const { bus, instance } = this.#deps
    return bus.answer(requests.viewers(id), async () => ({
      edge: instance,
    }))
  }
}
