import { sql } from 'kysely'
import type { FlowEventMessage } from '@omni2/contracts'
import type { Database } from '../open-database.ts'

/** What a flow's row begins with. */
export interface NewFlow {
  readonly session_id: string
  readonly user_id: number
  readonly conversation_id: string | null
  readonly source: string
  /** ISO; the earliest moment known of the turn. */
  readonly begun_at: string
}

/**
 * Locks the rows of these flows in the order of their session_id, making those that are missing, then inserts the
 * events; returns how many were new. Every event must belong to one of the flows, and every flow must be named once.
 * Only the holder of a flow's row adds to it, so two recorders never deadlock.
 */
export async function insertFlowEvents(
  batch: { flows: readonly NewFlow[]; events: readonly FlowEventMessage[] },
  { db }: Pick<Database, 'db'>,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with locked as (
      insert into omni2.interaction_flows as flow
        (session_id, user_id, conversation_id, source, status, created_at, flow_data)
      select session_id, user_id, conversation_id, source, 'running', begun_at at time zone 'UTC', '{}'::jsonb
      from jsonb_to_recordset(${JSON.stringify(batch.flows)}::jsonb) as new_flow
        (session_id uuid, user_id integer, conversation_id uuid, source text, begun_at timestamptz)
      order by session_id
      on conflict (session_id) do update set conversation_id = excluded.conversation_id
        -- A row that this leaves out is locked all the same.
        where flow.conversation_id is null and excluded.conversation_id is not null
      returning 1
    )
    insert into omni2.flow_events
      (session_id, user_id, conversation_id, source,
       attempt, ordinal, node_id, parent_id, event_type, outcome, occurred_at, data)
    select
      owner.session_id, owner.user_id, owner.conversation_id, owner.source,
      event.attempt, event.ordinal, event.node_id, event.parent_id, event.event_type, event.outcome,
      event."timestamp", event.data
    from jsonb_to_recordset(${JSON.stringify(batch.events)}::jsonb) as owner
        (session_id uuid, user_id integer, conversation_id uuid, source text, event jsonb)
      cross join lateral jsonb_to_record(owner.event) as event
        (attempt integer, ordinal integer, node_id text, parent_id text, event_type text, outcome text,
         "timestamp" timestamptz, data jsonb)
    -- True for any count: it makes every lock come before the first event.
    where (select count(*) from locked) >= 0
    on conflict (session_id, attempt, ordinal) do nothing
  `.execute(db)
  return Number(numAffectedRows ?? 0n)
}
