import { addAbortListener } from 'node:events'
import type { Bus } from '@omni2/bus'
import type { EdgeConfig } from '../config.ts'
import { endMismatch } from '../message/answer-mismatch.ts'
import type { FrameSink } from '../frames/frame-sink.ts'
import { ReplyRelay } from './reply-relay.ts'
import { makeTurnFrame } from '../frames/make-frame.ts'
import type { FollowedTurn } from './followed-turn.ts'
import { recoverReply } from './recover-reply.ts'
import type { ReplyCursor } from '../frames/reply-cursor.ts'
import type { ReplyFeed } from './reply-feed.ts'
import type { TurnViewers } from './turn-viewers.ts'

export interface RelayDeps {
  readonly bus: Pick<Bus, 'request'>
  readonly feed: ReplyFeed
  readonly viewers: Pick<TurnViewers, 'add' | 'addConversation'>
  readonly config: EdgeConfig
  readonly now: () => number
}

const nothingYet: ReplyCursor = { attempt: 0, seq: 0 }

/**
 * Follows a turn for a client that has its frames up to `cursor`, holding them until the relay begins or joins;
 * disposing it, or the client's end, lets go.
 */
export function relayReply(
  turn: FollowedTurn,
  sink: FrameSink,
  deps: RelayDeps,
  cursor: ReplyCursor = nothingYet,
): ReplyRelay {
  const { question } = turn
  const relay = new ReplyRelay(
    {
      ...deps,
      deliver: ({ bytes, head }) => sink.send(bytes, head),
      deliverWaiting: () => sink.send(makeTurnFrame('waiting', turn.session_id)),
      ...(question && {
        own: { question, deliverMismatch: (at) => endMismatch(turn.session_id, at, sink) },
      }),
      recover: () => recoverReply(turn, deps),
    },
    cursor,
  )
  const held = new DisposableStack()
  held.use(deps.feed.follow(turn, relay))
  // Also for a client that has left already.
  held.use(addAbortListener(sink.ended, () => relay[Symbol.dispose]()))
  deps.viewers.add(turn, relay)
  void disposeAfter(relay.ended, held)
  return relay
}

async function disposeAfter(end: Promise<void>, held: Disposable): Promise<void> {
  await end
  held[Symbol.dispose]()
}
