import type { Bus } from '@omni2/bus'
import type { EdgeConfig } from './config.ts'
import { ReplyRelay } from './reply-relay.ts'
import { makeTurnFrame } from './make-frame.ts'
import { recoverReply } from './recover-reply.ts'
import type { Connection } from './connection.ts'
import type { ReplyFeed } from './reply-feed.ts'
import type { UserMessage } from './user-message.ts'

interface RelayDependencies {
  readonly bus: Pick<Bus, 'request'>
  readonly feed: ReplyFeed
  readonly config: EdgeConfig
  readonly now: () => number
}

/** Follows a turn for a connection, holding its frames until `begin()`; disposing it, or the connection's end, lets go. */
export function relayReply(
  { session_id, conversation_id }: UserMessage,
  connection: Connection,
  deps: RelayDependencies,
): ReplyRelay {
  const turn = { session_id, conversation_id, user_id: connection.identity.user_id }
  const relay = new ReplyRelay({
    ...deps,
    deliver: ({ bytes, head }) => connection.send(bytes, head),
    deliverWaiting: () => connection.send(makeTurnFrame('waiting', session_id)),
    recover: () => recoverReply(turn, deps),
  })
  const letGo = () => relay[Symbol.dispose]()
  connection.ended.addEventListener('abort', letGo)
  const held = new DisposableStack()
  held.use(deps.feed.follow(turn, relay))
  held.defer(() => connection.ended.removeEventListener('abort', letGo))
  void disposeAfter(relay.ended, held)
  return relay
}

async function disposeAfter(end: Promise<void>, held: Disposable): Promise<void> {
  await end
  held[Symbol.dispose]()
}
