import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { consumers } from '@omni2/contracts'
import type { Client } from 'pg'
import type { StormRecord, StoredTurn } from '../record.ts'
import type { Stack } from '@omni2/testkit/open-stack'

/** Every turn with what the database has of it. */
export async function readTurns(database: Client): Promise<StoredTurn[]> {
  const { rows } = await database.query<StoredTurn>(`
    select turn.session_id, turn.user_id, turn.status, turn.attempt, turn.answer,
      turn.ended_at is not null as ended,
      (select count(*)::int from omni2.audit_logs audit where audit.session_id = turn.session_id) as audit_rows,
      (select count(*)::int from omni2.usage_reservations held where held.session_id = turn.session_id) as reservations,
      flow.status as flow_status,
      coalesce((select json_agg(json_build_object(
          'event_type', event->>'event_type', 'attempt', (event->>'attempt')::int, 'ordinal', (event->>'ordinal')::int)
          order by place)
        from jsonb_array_elements(flow.flow_data->'events') with ordinality as events(event, place)), '[]') as flow_events
    from omni2.turns turn left join omni2.interaction_flows flow using (session_id)`)
  return rows
}

/** What waits in the queue of turns, and what was parked. */
export async function readQueue(natsUrl: string): Promise<Pick<StormRecord, 'queue' | 'deadLetters'>> {
  const urls = natsUrl.split(',').map((url) => new URL(url))
  const { username: user = '', password: pass = '' } = urls[0] ?? {}
  const login = user === '' ? {} : { user, pass }
  const connection = await connect({ servers: urls.map(({ host }) => host), ...login, timeout: 5000 })
  try {
    const manager = await jetstreamManager(connection)
    const { stream, durable_name } = consumers['chat-worker']
    const { num_pending, num_ack_pending } = await manager.consumers.info(stream, durable_name)
    const [turns, dead] = [await manager.streams.info(stream), await manager.streams.info('DEAD_LETTERS')]
    return {
      queue: { messages: turns.state.messages, waiting: num_pending, unacknowledged: num_ack_pending },
      deadLetters: dead.state.messages,
    }
  } finally {
    await connection.close()
  }
}

/** Texts that the model server sent since the last call; it forgets the oldest. */
export async function readModelTexts({ line }: Pick<Stack, 'line'>): Promise<string[]> {
  const simulator = line.processes.find(({ name }) => name === 'model-simulator-1')
  const response = await fetch(`${simulator?.url}/_log?limit=1000`)
  const { requests } = (await response.json()) as { requests: { text: string }[] }
  return requests.map(({ text }) => text)
}

/** Log files that contain a secret of the stack. */
export async function findLeaks({ dataFolder, line }: Pick<Stack, 'dataFolder' | 'line'>): Promise<string[]> {
  const secrets = JSON.parse(await readFile(join(dataFolder, 'secrets.json'), 'utf8')) as object
  const hidden = [...listTexts(secrets), ...line.users.map(({ password }) => password)].filter(
    (text) => text.length >= 12,
  )
  const logs = await readdir(join(dataFolder, 'logs'))
  const leaks = logs.map(async (name) => {
    const text = await readFile(join(dataFolder, 'logs', name), 'utf8')
    return hidden.some((secret) => text.includes(secret)) ? [join('logs', name)] : []
  })
  return (await Promise.all(leaks)).flat()
}

const listTexts = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(listTexts)
      : []
