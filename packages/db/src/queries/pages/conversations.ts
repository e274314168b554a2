import type { TurnSource, TurnStatus } from '@omni2/contracts'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import { type Page, patternOf } from '../admin/page.ts'
import { type Place, placeOf, timeOf, wordsOf } from './place.ts'

/** A conversation as its user's list shows it. */
export interface ListedConversation {
  readonly conversation_id: string
  /** What its user named it, else the beginning of its first question. */
  readonly title: string
  readonly created_at: Date
  readonly updated_at: Date
  /** Whether a turn of it runs. */
  readonly running: boolean
  /** Its `updated_at`, for the next page. */
  readonly place: string
}

/** What was asked and answered in a turn of a conversation. */
export interface SpokenTurn {
  readonly session_id: string
  readonly client_msg_id: string | null
  readonly replaces: string | null
  readonly source: TurnSource
  readonly status: TurnStatus
  readonly attempt: number
  readonly user_text: string
  readonly answer: string | null
  readonly error_code: string | null
  /** For people. */
  readonly error: string | null
  readonly model: string | null
  readonly tokens_input: number | null
  readonly tokens_output: number | null
  readonly cost_usd: number | null
  readonly duration_ms: number | null
  readonly created_at: Date
  readonly ended_at: Date | null
  /** Once they are recorded, a moment after the end. */
  readonly tools: readonly SpokenTool[]
  readonly place: string
}

/** A tool call of a turn. */
export interface SpokenTool {
  readonly call_id: string
  /** `server.tool`. */
  readonly name: string
  /** Null where it is long. */
  readonly input: unknown
  /** Null: its result is not known. */
  readonly status: string | null
  readonly duration_ms: number | null
}

/** Characters of an input that are listed, and calls of a turn. */
const inputLength = 4000
const mostTools = 50

/** Characters of a question that stand for a title. */
const titleLength = 80

const titleOf = sql`coalesce(conversation.title,
  (select left(regexp_replace(btrim(first.user_text), '\\s+', ' ', 'g'), ${sql.lit(titleLength)})
    from omni2.turns first where first.conversation_id = conversation.conversation_id
    order by first.created_at limit 1), '')`

const columns = sql`
  conversation.conversation_id, ${titleOf} as title, conversation.created_at, conversation.updated_at,
  exists (select from omni2.turns turn where turn.conversation_id = conversation.conversation_id
    and turn.ended_at is null) as running`

/** Conversations of a user that are not deleted, the last used first; `search`: in their titles and texts. */
export async function listConversations(
  { userId, search }: { userId: number; search: string | undefined },
  { after, limit }: Page<Place>,
  { db }: Pick<Database, 'db'>,
): Promise<ListedConversation[]> {
  const { rows } = await sql<ListedConversation>`
    select ${columns}, ${placeOf(sql`conversation.updated_at`)} as place
    from omni2.conversations conversation
    where conversation.user_id = ${userId} and conversation.deleted_at is null
      and ${search === undefined ? sql`true` : matches(userId, search)}
      and ${
        after === undefined
          ? sql`true`
          : sql`
        (conversation.updated_at, conversation.conversation_id) < (${timeOf(after.at)}, ${after.id}::uuid)`
      }
    order by conversation.updated_at desc, conversation.conversation_id desc limit ${limit}
  `.execute(db)
  return rows
}

/** Both sides are found by an index and bound to the user. */
const matches = (userId: number, search: string): RawBuilder<unknown> => sql`(
  conversation.title ilike ${patternOf(search)}
  or conversation.conversation_id in (
    select turn.conversation_id from omni2.turns turn
    where turn.ended_at is not null
      and omni2.turn_words(turn.user_id, turn.user_text, turn.answer)
        @@ (${`'user ${userId}'`}::tsquery && ${wordsOf(search)})))`

/** One conversation of a user; undefined where there is none, or it is deleted. */
export async function loadConversation(
  conversationId: string,
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<Omit<ListedConversation, 'place'> | undefined> {
  const { rows } = await sql<Omit<ListedConversation, 'place'>>`
    select ${columns}
    from omni2.conversations conversation
    where conversation.conversation_id = ${conversationId} and conversation.user_id = ${userId}
      and conversation.deleted_at is null
  `.execute(db)
  return rows[0]
}

/** Names a conversation of a user; an empty title goes back to the first question. False where there is none. */
export async function renameConversation(
  { conversationId, userId, title }: { conversationId: string; userId: number; title: string },
  { db }: Pick<Database, 'db'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update omni2.conversations set title = nullif(${title}, '')
    where conversation_id = ${conversationId} and user_id = ${userId} and deleted_at is null
  `.execute(db)
  return numAffectedRows === 1n
}

/** Hides a conversation of a user; its turns stay for the accounts. False where there is none. */
export async function deleteConversation(
  conversationId: string,
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update omni2.conversations set deleted_at = now()
    where conversation_id = ${conversationId} and user_id = ${userId} and deleted_at is null
  `.execute(db)
  return numAffectedRows === 1n
}

/** Turns of a conversation, the newest first. */
export async function listSpokenTurns(
  { conversationId, userId }: { conversationId: string; userId: number },
  { after, limit }: Page<Place>,
  { db }: Pick<Database, 'db'>,
): Promise<SpokenTurn[]> {
  const { rows } = await sql<SpokenTurn>`
    select turn.session_id, turn.client_msg_id, turn.replaces, turn.source, turn.status, turn.attempt,
      turn.user_text, turn.answer, turn.result #>> '{body,code}' as error_code,
      coalesce(turn.result #>> '{body,error}', turn.result #>> '{body,message}') as error,
      turn.model, turn.tokens_input, turn.tokens_output,
      (turn.cost_usd + turn.abandoned_cost_usd)::float8 as cost_usd,
      (extract(epoch from turn.ended_at - turn.created_at) * 1000)::int as duration_ms,
      turn.created_at, turn.ended_at, ${selectTools} as tools, ${placeOf(sql`turn.created_at`)} as place
    from omni2.turns turn
    where turn.conversation_id = ${conversationId} and turn.user_id = ${userId}
      and ${
        after === undefined
          ? sql`true`
          : sql`
        (turn.created_at, turn.session_id) < (${timeOf(after.at)}, ${after.id}::uuid)`
      }
    order by turn.created_at desc, turn.session_id desc limit ${limit}
  `.execute(db)
  return rows
}

/** SQL for the tool calls of `turn`, in their order. */
const selectTools = sql`(
  select coalesce(jsonb_agg(to_jsonb(tool) - 'sequence_num' order by tool.sequence_num), '[]')
  from (
    select call.sequence_num, call.activity_data ->> 'call_id' as call_id,
      (call.activity_data ->> 'mcp') || '.' || (call.activity_data ->> 'tool') as name,
      case when length(call.activity_data ->> 'input') <= ${sql.lit(inputLength)}
        then call.activity_data -> 'input' end as input,
      answer.activity_data ->> 'status' as status, answer.duration_ms
    from omni2.user_activities call
    left join omni2.user_activities answer on answer.session_id = call.session_id
      and answer.activity_type = 'mcp_tool_response'
      and answer.activity_data ->> 'call_id' = call.activity_data ->> 'call_id'
    where call.session_id = turn.session_id and call.activity_type = 'mcp_tool_call'
    order by call.sequence_num limit ${sql.lit(mostTools)}
  ) tool)`
