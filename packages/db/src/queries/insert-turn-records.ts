import { sql } from 'kysely'
import { makeDerivedId, type Settlement } from '@omni2/contracts'
import type { Database } from '../open-database.ts'

/**
 * Inserts each settled turn's audit row and, with it, its activities; a turn that has its audit row already is left as
 * it is, so whatever comes again is recorded once. Every session_id may be named once.
 */
export async function insertTurnRecords(
  settlements: readonly Settlement[],
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  const turns = settlements.map((turn) => ({ ...turn, activities: undefined }))
  await sql`
    with audited as (
      insert into omni2.audit_logs
        (session_id, conversation_id, user_id, timestamp, question, success, outcome, duration_ms,
         mcp_target, tool_called, error_message, was_blocked, block_reason,
         model, llm_tokens_used, tokens_input, tokens_output, tokens_cached, cost_usd, estimated)
      select
        turn.session_id, turn.conversation_id, turn.user_id, turn.ended_at at time zone 'UTC', turn.question,
        turn.status = 'done', turn.status,
        coalesce(result.duration_ms, greatest(0, extract(epoch from turn.ended_at - turn.accepted_at) * 1000)),
        -- A label of 100 characters in this table, as 'server.tool' in the result.
        left(split_part(result.tools_used ->> 0, '.', 1), 100),
        left(substring(result.tools_used ->> 0 from '[.](.*)'), 100),
        turn.error ->> 'text', turn.status = 'blocked',
        case when turn.status = 'blocked' then turn.error ->> 'text' end,
        result.model, result.tokens_input + result.tokens_output,
        result.tokens_input, result.tokens_output, result.tokens_cached, result.cost_usd,
        coalesce(result.estimated, false)
      from jsonb_to_recordset(${JSON.stringify(turns)}::jsonb) as turn
          (session_id uuid, conversation_id uuid, user_id integer, status text, accepted_at timestamptz,
           ended_at timestamptz, question text, error jsonb, result jsonb)
        cross join lateral jsonb_to_record(coalesce(turn.result, '{}')) as result
          (model text, duration_ms integer, tools_used jsonb, tokens_input integer, tokens_output integer,
           tokens_cached integer, cost_usd numeric, estimated boolean)
      on conflict (session_id) where session_id is not null do nothing
      returning session_id
    )
    insert into omni2.user_activities
      (activity_id, session_id, conversation_id, user_id, sequence_num, activity_type, activity_data,
       duration_ms, created_at)
    select activity_id, session_id, conversation_id, user_id, sequence_num, activity_type, activity_data,
      duration_ms, created_at at time zone 'UTC'
    from jsonb_to_recordset(${JSON.stringify(settlements.flatMap(listActivities))}::jsonb) as activity
        (activity_id uuid, session_id uuid, conversation_id uuid, user_id integer, sequence_num integer,
         activity_type text, activity_data jsonb, duration_ms integer, created_at timestamptz)
      join audited using (session_id)
    on conflict (activity_id) do nothing
  `.execute(db)
}

function listActivities({ session_id, conversation_id, user_id, activities }: Settlement): object[] {
  return activities.map((activity, index) => ({
    activity_id: makeDerivedId(session_id, `activity:${index + 1}`),
    session_id,
    conversation_id,
    user_id,
    sequence_num: index + 1,
    ...activity,
  }))
}
