import type { TurnMessage } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

interface Claim {
  worker: string
  /** Milliseconds from now in which the turn has to end. */
  deadlineMs: number
  /** Of the whole question. */
  digest: string
  /** Where the message of the turn is acknowledged; without it no other worker can return it to the queue. */
  ackSubject?: string | undefined
  /** Whether a turn that runs may be taken from its worker. */
  mayTakeOver?: boolean
}

export interface ClaimedTurn {
  /** Which claim of the turn this is, from 1: the fence of everything the claimer does. */
  attempt: number
  cancel_requested_at: Date | null
  started_at: Date
  /** What an earlier attempt recorded before it called tools that must not be called again; unparsed. */
  tool_intents: unknown
  /** How many workers stalled while they worked on the turn. */
  stalls: number
}

/** Index that lets one turn of a conversation run at a time. */
export const conversationLease = 'turns_one_running_per_conversation'

/**
 * Takes a turn that has not ended: the first claim makes its row, a later one raises its attempt. Undefined when it has
 * ended, runs and may not be taken over, asks something else, or it or its conversation belongs to another user; breaks `conversationLease` when another turn of the conversation runs. Holds the
 * user's row until the transaction ends, so claims of one user decide one after the other.
 */
export async function claimTurn(
  turn: TurnMessage,
  { worker, deadlineMs, digest, ackSubject, mayTakeOver = true }: Claim,
  { db }: Pick<Database, 'db'>,
): Promise<ClaimedTurn | undefined> {
  const userId = turn.identity.user_id
  const { rows } = await sql<ClaimedTurn>`
    with account as (
      select id from auth_service.users where id = ${userId} for no key update
    ), conversation as (
      insert into omni2.conversations (conversation_id, user_id)
      select ${turn.conversation_id}::uuid, ${userId} where ${turn.conversation_id}::uuid is not null
      on conflict (conversation_id) do update set updated_at = now()
        where conversations.user_id = excluded.user_id
    )
    insert into omni2.turns as turn (
      session_id, conversation_id, user_id, source, client_msg_id, user_text, replaces, question_digest,
      status, attempt, claimed_by, ack_subject, deadline_at, created_at, started_at)
    select
      ${turn.session_id}::uuid, ${turn.conversation_id}::uuid, ${userId}, ${turn.source}, ${turn.client_msg_id},
      ${turn.text}, ${turn.replaces}::uuid, ${digest}::uuid, 'running', 1, ${worker}, ${ackSubject ?? null}::text,
      now() + ${deadlineMs} * interval '1 ms', ${turn.accepted_at}::timestamptz, clock_timestamp()
    from (select 1) always left join account on true
    where not exists (
      select from omni2.conversations
      where conversation_id = ${turn.conversation_id}::uuid and user_id <> ${userId})
    on conflict (session_id) do update set
      status = 'running', attempt = turn.attempt + 1, claimed_by = excluded.claimed_by,
      ack_subject = excluded.ack_subject,
      conversation_id = excluded.conversation_id, source = excluded.source,
      client_msg_id = excluded.client_msg_id, replaces = excluded.replaces,
      question_digest = excluded.question_digest, created_at = excluded.created_at,
      -- A claim that knows only a part of the text keeps the whole one.
      user_text = case when length(turn.user_text) > length(excluded.user_text) then turn.user_text else excluded.user_text end,
      deadline_at = excluded.deadline_at, started_at = excluded.started_at
    where turn.ended_at is null and turn.user_id = excluded.user_id
      and (${mayTakeOver} or turn.status <> 'running')
      and coalesce(turn.question_digest, excluded.question_digest) = excluded.question_digest
    returning turn.attempt, turn.cancel_requested_at, turn.started_at, turn.tool_intents,
      (select count(*)::int from omni2.turn_stalls stall where stall.session_id = turn.session_id) as stalls
  `.execute(db)
  return rows[0]
}
