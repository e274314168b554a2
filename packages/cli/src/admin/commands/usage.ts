import { z } from 'zod'
import { textOf, type Command } from '../command.ts'
import { findUser } from '../find-user.ts'
import { formatTable } from '../format-table.ts'
import { describeMore, makePageQuery } from '../pages.ts'
import { parseDay } from '../parse-duration.ts'

const sumSchema = z.looseObject({
  requests: z.int(),
  tokens_input: z.number(),
  tokens_output: z.number(),
  tokens_cached: z.number(),
  tokens_abandoned: z.number(),
  cost_usd: z.number(),
})

const usageSchema = z.looseObject({
  since: z.string(),
  items: z.array(
    sumSchema.extend({
      day: z.string(),
      user_id: z.int(),
      username: z.string().nullable(),
      model: z.string().nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
  total: sumSchema,
})

/** What was used and what it cost. */
export const usage: Command = {
  usage: 'usage [user]',
  summary: 'what ended turns used and cost, by UTC day, user and model',
  options: {
    since: { type: 'string' },
    until: { type: 'string' },
    limit: { type: 'string' },
    cursor: { type: 'string' },
  },
  flags:
    '  --since TIME        such as 7d, days that end today, or 2026-11-01 (default 7d)\n' +
    '  --until DAY         such as 2026-11-30 (default today)\n' +
    '  --limit N           at most so many lines (default 50)\n  --cursor CURSOR     go on with a list\n',
  run: async (input, api) => {
    const query = makePageQuery(input, 50)
    for (const flag of ['since', 'until']) {
      const text = textOf(input, flag)
      if (text !== undefined) query.set(flag, parseDay(`--${flag}`, text, new Date()))
    }
    const [who] = input.words
    if (who !== undefined) query.set('user_id', String(await findUser(who, api)))
    const answer = await api.call('GET', `/usage?${query.toString()}`, { answer: usageSchema })
    return { answer, lines: formatUsage(answer) }
  },
}

function formatUsage({ since, items, next_cursor, total }: z.infer<typeof usageSchema>): string[] {
  if (items.length === 0) return [`nothing was used since ${since}`]
  const heads = ['day', 'user', 'model', 'requests', 'read', 'cached', 'written', 'lost', 'USD']
  const rows = items.map((row) => [row.day, row.username ?? row.user_id, row.model, ...amountsOf(row)])
  const lines = formatTable([heads, ...rows, ['total', '', '', ...amountsOf(total)]])
  return [...lines, ...describeMore(next_cursor).map((line) => `${line}; the total is of all`)]
}

const amountsOf = (sum: z.infer<typeof sumSchema>) => [
  sum.requests,
  sum.tokens_input,
  sum.tokens_cached,
  sum.tokens_output,
  sum.tokens_abandoned,
  sum.cost_usd.toFixed(6),
]
