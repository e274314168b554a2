import type { JetStreamManager, StoredMsg } from '@omni2/bus'
import { consumers, turnMessageSchema } from '@omni2/contracts'
import { loadTurn, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'

interface DropDeps {
  readonly manager: Pick<JetStreamManager, 'consumers' | 'streams'>
  readonly database: Pick<Database, 'db'>
  readonly log: Pick<Logger, 'info'>
}

/** Messages that one call deletes at most; the next one deletes more. */
const mostDropped = 1000

/**
 * Deletes the oldest messages of the queue as long as no worker gets them any more and their turns have ended. A
 * nats-server that was killed may keep an acknowledgement, and lose that it had deleted the message.
 */
export async function dropHandledMessages({ manager, database, log }: DropDeps): Promise<void> {
  const { stream, durable_name } = consumers['chat-worker']
  const { ack_floor } = await manager.consumers.info(stream, durable_name)
  let dropped = 0
  for (; dropped < mostDropped; dropped += 1) {
    const { state } = await manager.streams.info(stream)
    if (state.messages === 0 || state.first_seq > ack_floor.stream_seq) break
    if (!(await hasEnded(await manager.streams.getMessage(stream, { seq: state.first_seq }), database))) break
    await manager.streams.deleteMessage(stream, state.first_seq, false)
  }
  if (dropped > 0) log.info({ messages: dropped }, 'messages of ended turns deleted from the queue')
}

/** False for what is no turn. */
async function hasEnded(message: StoredMsg | null, database: DropDeps['database']): Promise<boolean> {
  const turn = turnMessageSchema.safeParse(message?.json()).data
  const row = turn && (await loadTurn(turn.session_id, database))
  return row !== undefined && row.ended_at !== null
}
