import { z } from 'zod'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command } from '../command.ts'
import { formatTable } from '../format-table.ts'

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

const turns: Command = {
  usage: 'turns',
  summary: 'turns that wait or run, oldest first',
  run: async (_input, api) => {
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

/** Commands about turns and the record of changes. */
export const turnCommands: readonly Command[] = [turns, cancel, changes]
