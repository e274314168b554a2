import { z } from 'zod'
import type { AdminApi } from '../admin-api.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput, type CommandOutput } from '../command.ts'
import { findUser } from '../find-user.ts'
import { formatTable } from '../format-table.ts'
import { describeMore, makePageQuery } from '../pages.ts'
import { formatTurn, turnSchema } from '../format-turn.ts'
import { usage } from './usage.ts'

const turnsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      session_id: z.string(),
      username: z.string().nullable(),
      user_id: z.int(),
      status: z.string(),
      attempt: z.int(),
      claimed_by: z.string().nullable(),
      created_at: z.string(),
    }),
  ),
})

const changesSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.int(),
      at: z.string(),
      user_id: z.int(),
      action: z.string(),
      target_type: z.string(),
      target_id: z.string(),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
})

const userTurnsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      session_id: z.string(),
      status: z.string(),
      error_code: z.string().nullable(),
      model: z.string().nullable(),
      tokens_input: z.int().nullable(),
      tokens_output: z.int().nullable(),
      cost_usd: z.number().nullable(),
      created_at: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
})

const turns: Command = {
  usage: 'turns [user]',
  summary: 'waiting and running turns, oldest first; for a user the latest turns, ended ones too',
  options: { limit: { type: 'string' }, cursor: { type: 'string' } },
  flags:
    '  --limit N           of a user: at most so many (default 20)\n' +
    '  --cursor CURSOR     of a user: go on with a list\n',
  run: async (input, api) => {
    const [who] = input.words
    if (who !== undefined) return listUserTurns(who, input, api)
    const answer = await api.call('GET', '/turns?limit=200', { answer: turnsSchema })
    const rows = answer.items.map((turn) => [
      turn.session_id,
      turn.username ?? turn.user_id,
      turn.status,
      turn.attempt,
      turn.claimed_by,
      turn.created_at,
    ])
    const heads = ['session_id', 'user', 'status', 'attempt', 'worker', 'accepted']
    return { answer, lines: formatTable([heads, ...rows]) }
  },
}

async function listUserTurns(who: string, input: CommandInput, api: AdminApi): Promise<CommandOutput> {
  const query = makePageQuery(input, 20)
  const path = `/users/${await findUser(who, api)}/turns?${query.toString()}`
  const answer = await api.call('GET', path, { answer: userTurnsSchema })
  const rows = answer.items.map((turn) => [
    turn.session_id,
    turn.created_at,
    turn.error_code === null ? turn.status : `${turn.status}: ${turn.error_code}`,
    turn.model,
    turn.tokens_input,
    turn.tokens_output,
    turn.cost_usd?.toFixed(6),
  ])
  const heads = ['session_id', 'accepted', 'status', 'model', 'read', 'written', 'USD']
  return { answer, lines: [...formatTable([heads, ...rows]), ...describeMore(answer.next_cursor)] }
}

const turn: Command = {
  usage: 'turn <session_id>',
  summary: 'one turn: its end, question, answer, usage and every checkpoint',
  run: async ({ words: [id = ''] }, api) => {
    const answer = await api.call('GET', `/turns/${encodeURIComponent(id)}`, { answer: turnSchema })
    return { answer, lines: formatTurn(answer) }
  },
}

const cancel: Command = {
  usage: 'cancel <session_id>',
  summary: 'stop a turn, its model call and its tools',
  run: async ({ words: [id = ''] }, api) => {
    const path = `/turns/${encodeURIComponent(id)}/cancel`
    const answer = await api.call('POST', path, { answer: changeAnswer })
    return { answer, lines: describeChange(`${id} is to stop`, answer) }
  },
}

const changes: Command = {
  usage: 'changes',
  summary: 'what operators changed, newest first',
  options: { limit: { type: 'string' } },
  flags: '  --limit N           at most so many (default 20)\n',
  run: async (input, api) => {
    const query = new URLSearchParams({ limit: textOf(input, 'limit') ?? '20' })
    const path = `/changes?${query.toString()}`
    const answer = await api.call('GET', path, { answer: changesSchema })
    const rows = answer.items.map((change) => [
      change.id,
      change.at,
      change.user_id,
      change.action,
      `${change.target_type} ${change.target_id}`,
      change.after,
    ])
    return { answer, lines: formatTable([['id', 'at', 'by', 'action', 'of', 'after'], ...rows]) }
  },
}

/** Commands about turns, what they cost, and the record of changes. */
export const turnCommands: readonly Command[] = [turns, turn, usage, cancel, changes]
