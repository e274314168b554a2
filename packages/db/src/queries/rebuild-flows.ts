import { sql } from 'kysely'
import type { Settlement } from '@omni2/contracts'
import type { Database } from '../open-database.ts'

/** The part of a settlement that a flow's row keeps. */
type FlowEnd = Pick<Settlement, 'session_id' | 'attempt' | 'status' | 'accepted_at' | 'ended_at'>

/**
 * Rewrites flow_data, times and status of these flows from all their recorded events and, where they end now, from
 * their settlements; the first settlement of a flow stays. The caller's transaction holds the rows already: only a
 * statement that begins after the lock sees what the lock's last holder has committed.
 */
export async function rebuildFlows(
  flows: { turnIds: readonly string[]; ends: readonly FlowEnd[] },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    update omni2.interaction_flows flow
    set flow_data = jsonb_build_object(
          'session_id', rebuilt.session_id, 'user_id', rebuilt.user_id, 'events', rebuilt.events
        ) || case when rebuilt.settled_attempt is null then '{}'
             else jsonb_build_object('settled_attempt', rebuilt.settled_attempt) end,
        status = rebuilt.status,
        created_at = rebuilt.created_at,
        completed_at = rebuilt.completed_at
    from (
      select known.session_id, known.user_id, settled.attempt as settled_attempt, recorded.events,
        coalesce(ending.status, known.status) as status,
        least(known.created_at, ending.accepted_at at time zone 'UTC', recorded.first_at at time zone 'UTC')
          as created_at,
        coalesce(ending.ended_at at time zone 'UTC', known.completed_at) as completed_at
      from omni2.interaction_flows known
      left join jsonb_to_recordset(${JSON.stringify(flows.ends.map(pickEnd))}::jsonb) as ending
          (session_id uuid, attempt integer, status text, accepted_at timestamptz, ended_at timestamptz)
        on ending.session_id = known.session_id and not known.flow_data ? 'settled_attempt'
      cross join lateral (
        select coalesce((known.flow_data ->> 'settled_attempt')::integer, ending.attempt) as attempt
      ) settled
      cross join lateral (
        select
          min(event.occurred_at) as first_at,
          coalesce(jsonb_agg(
            jsonb_build_object(
              'node_id', event.node_id, 'parent_id', event.parent_id, 'event_type', event.event_type,
              'timestamp', to_char(event.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'attempt', event.attempt, 'ordinal', event.ordinal,
              'outcome', event.outcome, 'data', event.data
            ) || case when event.attempt > 0 and event.attempt <> coalesce(settled.attempt, event.newest_attempt)
                 then '{"superseded": true}'::jsonb else '{}' end
            order by event.attempt, event.ordinal
          ), '[]') as events
        from (
          select *, max(attempt) over () as newest_attempt
          from omni2.flow_events
          where session_id = known.session_id
        ) event
      ) recorded
      where known.session_id = any(${flows.turnIds}::uuid[])
    ) rebuilt
    where flow.session_id = rebuilt.session_id
  `.execute(db)
}

function pickEnd({ session_id, attempt, status, accepted_at, ended_at }: FlowEnd): FlowEnd {
  return { session_id, attempt, status, accepted_at, ended_at }
}
