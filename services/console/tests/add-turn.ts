import { makeConversationId } from '@omni2/contracts'
import { users, type ConsoleUnderTest, type UserName } from './start-console.ts'

interface AddedTurn {
  readonly of?: UserName
  readonly conversation?: string | null
  readonly text?: string
  readonly answer?: string | null
  readonly status?: string
  readonly at?: Date
  readonly model?: string | null
  readonly cost?: number
  readonly result?: Record<string, unknown>
}

/** Adds a turn as its worker and the recorder leave it; resolves to its session_id. */
export async function addTurn(
  { database }: Pick<ConsoleUnderTest, 'database'>,
  {
    of = 'vera',
    conversation = null,
    text = 'hello',
    answer = 'Hello!',
    status = 'done',
    at = new Date(),
    model = 'm',
    cost = 0,
    result = {},
  }: AddedTurn = {},
): Promise<string> {
  const id = makeConversationId()
  const isOver = !['queued', 'running'].includes(status)
  if (conversation !== null)
    await database.query(
      `insert into omni2.conversations (conversation_id, user_id, created_at, updated_at) values ($1, $2, $3, $3)
       on conflict (conversation_id) do update set updated_at = excluded.updated_at`,
      [conversation, users[of], at],
    )
  await database.query(
    `insert into omni2.turns (session_id, conversation_id, user_id, source, user_text, answer, status, attempt, model,
       tokens_input, tokens_output, cost_usd, result, created_at, started_at, ended_at)
     values ($1, $2, $3, $4, $5, $6, $7, 1, $8, 10, 5, $9, $10, $11, $11, $12)`,
    [
      id,
      conversation,
      users[of],
      conversation === null ? 'sse' : 'ws',
      text,
      isOver ? answer : null,
      status,
      model,
      cost,
      isOver ? JSON.stringify({ type: 'done', seq: 3, body: { result } }) : null,
      at,
      isOver ? new Date(at.getTime() + 1000) : null,
    ],
  )
  return id
}
