import type { Bus, Slots } from '@omni2/bus'
import type { EdgeConfig } from './config.ts'
import type { Connection } from './connection/connection.ts'
import type { Connections } from './connection/connections.ts'
import { ConversationWatch, watchConversation } from './resume/conversation-watch.ts'
import type { EdgeMetrics } from './metrics.ts'
import { openConversation, type Reopening } from './open/open-conversation.ts'
import { refuseHandshake, refuseOverShare } from './connection/refuse-connection.ts'
import type { RefusedUsers } from './rights/refused-users.ts'
import type { ReplyFeed } from './reply/reply-feed.ts'
import type { TurnViewers } from './reply/turn-viewers.ts'
import { runTurn } from './turn/run-turn.ts'
import { askOverSocket } from './turn/socket-asker.ts'
import { welcomeUser } from './open/welcome-user.ts'

export interface FlowDeps {
  readonly bus: Pick<Bus, 'request' | 'publishDurably' | 'readStored' | 'flush'>
  readonly feed: ReplyFeed
  readonly viewers: Pick<TurnViewers, 'add' | 'addConversation'>
  readonly connections: Connections
  readonly refusedUsers: RefusedUsers
  /** Places of resumes that are looked up at once. */
  readonly resumes: Slots
  readonly config: EdgeConfig
  /** Name of this edge. */
  readonly instance: string
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly metrics: EdgeMetrics
}

/** The life of a connection: admitted, welcomed, then one turn after another until it closes. Resolves once it is open. */
export async function serveConnection(
  connection: Connection,
  reopening: Reopening,
  deps: FlowDeps,
): Promise<void> {
  if (deps.connections.isAboveShare(connection)) return refuseOverShare(connection, deps)
  // It hears before it asks, so that no turn can begin unnoticed in between.
  const watch = reopening.state === 'asked' ? new ConversationWatch(connection, deps) : undefined
  const opening = await openConversation(connection, reopening, deps)
  if (!opening.allowed) return refuseHandshake(connection, opening, deps)
  welcomeUser(connection, opening, deps)
  connection.markOpen(opening.at)
  watch?.begin(opening.running ?? null)
  connection.answerWith(async (message) => {
    // From its first turn on a conversation can be reopened, and others can write into it.
    watchConversation(connection, deps)
    await runTurn(message, askOverSocket(message, connection, deps), deps)
  })
}
