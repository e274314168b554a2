import type { EventOutcome, EventType, TurnSource, TurnStatus } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import type { Page } from './page.ts'

export interface ListedTurn {
  readonly session_id: string
  readonly conversation_id: string | null
  readonly user_id: number
  readonly username: string | null
  readonly source: TurnSource
  readonly status: TurnStatus
  readonly attempt: number
  readonly claimed_by: string | null
  readonly cancel_requested_at: Date | null
  readonly created_at: Date
  readonly started_at: Date | null
  readonly ended_at: Date | null
}

/** A turn with how it ended and what it took; cost in USD. */
export interface TakenTurn extends ListedTurn {
  /** Why it ended without a whole answer. */
  readonly error_code: string | null
  readonly model: string | null
  /** Everything the model read, cached included. */
  readonly tokens_input: number | null
  readonly tokens_output: number | null
  readonly cost_usd: number | null
}

/** The same with what was said, and what its attempts that died may have used at most, beside the others. */
export interface TurnDetails extends TakenTurn {
  /** For people. */
  readonly error: string | null
  readonly user_text: string
  readonly answer: string | null
  readonly tokens_cache_read: number | null
  readonly tokens_cache_write: number | null
  readonly estimated: boolean
  readonly tokens_abandoned: number
  readonly cost_abandoned_usd: number
}

/** A recorded checkpoint of a turn; attempt 0 is the edge's. */
export interface TurnEvent {
  readonly attempt: number
  readonly ordinal: number
  readonly event_type: EventType
  readonly outcome: EventOutcome
  readonly at: Date
  readonly recorded_at: Date
  readonly data: Record<string, unknown>
}

const listedColumns = sql`
  turn.session_id, turn.conversation_id, turn.user_id, "user".username, turn.source, turn.status, turn.attempt,
  turn.claimed_by, turn.cancel_requested_at, turn.created_at, turn.started_at, turn.ended_at`

const takenColumns = sql`
  ${listedColumns}, turn.result #>> '{body,code}' as error_code, turn.model, turn.tokens_input, turn.tokens_output,
  turn.cost_usd::float8 as cost_usd`

const placeOf = sql`(extract(epoch from turn.created_at) * 1000000)::bigint::text as accepted_at_us`

/** Where a page of turns goes on: a turn's acceptance in Unix microseconds as text, and its id. */
export interface TurnCursor {
  readonly acceptedAt: string
  readonly turnId: string
}

/** Turns that have not ended, oldest first, each with its own place in the order. */
export async function listLiveTurns(
  { userId }: { userId: number | undefined },
  { after, limit }: Page<TurnCursor>,
  { db }: Pick<Database, 'db'>,
): Promise<(ListedTurn & { readonly accepted_at_us: string })[]> {
  const { rows } = await sql<ListedTurn & { accepted_at_us: string }>`
    select ${listedColumns}, ${placeOf}
    from omni2.turns turn left join auth_service.users "user" on "user".id = turn.user_id
    where turn.ended_at is null
      and (${userId ?? null}::integer is null or turn.user_id = ${userId ?? null})
      and (${after?.turnId ?? null}::uuid is null
        or ((extract(epoch from turn.created_at) * 1000000)::bigint, turn.session_id)
          > (${after?.acceptedAt ?? null}::bigint, ${after?.turnId ?? null}::uuid))
    order by turn.created_at, turn.session_id limit ${limit}
  `.execute(db)
  return rows
}

/** Turns of a user, ended ones too, newest first, each with its own place in the order. */
export async function listUserTurns(
  userId: number,
  { after, limit }: Page<TurnCursor>,
  { db }: Pick<Database, 'db'>,
): Promise<(TakenTurn & { readonly accepted_at_us: string })[]> {
  const { rows } = await sql<TakenTurn & { accepted_at_us: string }>`
    select ${takenColumns}, ${placeOf}
    from omni2.turns turn left join auth_service.users "user" on "user".id = turn.user_id
    where turn.user_id = ${userId}
      and (${after?.turnId ?? null}::uuid is null
        or (turn.created_at, turn.session_id)
          < ('epoch'::timestamptz + ${after?.acceptedAt ?? null}::bigint * interval '1 microsecond',
            ${after?.turnId ?? null}::uuid))
    order by turn.created_at desc, turn.session_id desc limit ${limit}
  `.execute(db)
  return rows
}

/** Checkpoints of a turn in their order, as far as they are recorded: at most so many. */
export async function listTurnEvents(
  turnId: string,
  { limit }: { limit: number },
  { db }: Pick<Database, 'db'>,
): Promise<TurnEvent[]> {
  const { rows } = await sql<TurnEvent>`
    select attempt, ordinal, event_type, outcome, occurred_at as at, recorded_at, data
    from omni2.flow_events where session_id = ${turnId} order by attempt, ordinal limit ${limit}
  `.execute(db)
  return rows
}

/** One turn; undefined when it has no row. */
export async function loadTurnDetails(
  turnId: string,
  { db }: Pick<Database, 'db'>,
): Promise<TurnDetails | undefined> {
  const { rows } = await sql<TurnDetails>`
    select ${takenColumns}, coalesce(turn.result #>> '{body,error}', turn.result #>> '{body,message}') as error,
      turn.user_text, turn.answer, turn.tokens_cache_read, turn.tokens_cache_write, turn.estimated,
      turn.abandoned_tokens as tokens_abandoned, turn.abandoned_cost_usd::float8 as cost_abandoned_usd
    from omni2.turns turn left join auth_service.users "user" on "user".id = turn.user_id
    where turn.session_id = ${turnId}
  `.execute(db)
  return rows[0]
}

/** The user of a turn, also before its claim; undefined for an unknown turn. */
export async function findTurnUser(
  turnId: string,
  { db }: Pick<Database, 'db'>,
): Promise<number | undefined> {
  const { rows } = await sql<{ user_id: number }>`
    select user_id from omni2.turns where session_id = ${turnId}
    union all
    select user_id from omni2.flow_events where session_id = ${turnId} and attempt = 0 and ordinal = 0
    limit 1
  `.execute(db)
  return rows[0]?.user_id
}
