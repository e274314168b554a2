import { z } from 'zod'
import { makeUsageError } from '../../operator-error.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput } from '../command.ts'
import { describeDifference } from '../describe-difference.ts'
import { formatTable } from '../format-table.ts'
import { parseNumber } from '../parse-duration.ts'

const pricesSchema = z.looseObject({ items: z.array(z.record(z.string(), z.unknown())) })

const pathOf = (model: string): string => `/prices/${encodeURIComponent(model)}`

const list: Command = {
  usage: 'prices',
  summary: 'what models cost in USD per million tokens, and where and when that was read',
  run: async (_input, api) => {
    const answer = await api.call('GET', '/prices', { answer: pricesSchema })
    const names = ['model', 'input', 'output', 'cache_read', 'cache_write', 'read_on', 'source']
    const rows = answer.items.map((price) => [
      ...names.slice(0, -1).map((name) => price[name]),
      `${price['is_shipped'] === true ? 'shipped: ' : ''}${String(price['source'])}`,
    ])
    return { answer, lines: formatTable([names, ...rows]) }
  },
}

const amounts = {
  input: 'input',
  output: 'output',
  'cache-read': 'cache_read',
  'cache-write': 'cache_write',
} as const

const set: Command = {
  usage: 'prices set <model>',
  summary:
    'set what a model costs, from the next turn on; what is not given stays, a new price needs all four',
  options: {
    input: { type: 'string' },
    output: { type: 'string' },
    'cache-read': { type: 'string' },
    'cache-write': { type: 'string' },
    source: { type: 'string' },
    'read-on': { type: 'string' },
  },
  flags:
    '  --input USD         per million tokens that are read\n' +
    '  --output USD        per million tokens that are written\n' +
    '  --cache-read USD    per million tokens that are read from the cache\n' +
    '  --cache-write USD   per million tokens that are written to the five-minute cache\n' +
    '  --source TEXT       where the price is from, such as a URL (default: who sets it)\n' +
    '  --read-on DATE      when it was read there, such as 2026-11-27 (default today)\n',
  run: async (input, api) => {
    const [model = ''] = input.words
    const body = { ...readAmounts(input), source: textOf(input, 'source'), read_on: textOf(input, 'read-on') }
    if (Object.values(body).every((value) => value === undefined))
      throw makeUsageError('say what it costs: --input, --output, --cache-read and --cache-write')
    const answer = await api.call('PATCH', pathOf(model), { answer: changeAnswer, body })
    const done = describeChange(`the price of ${model} is set, from the next turn on`, answer)
    return { answer, lines: [...done, ...describeDifference(withoutTimes(answer))] }
  },
}

function readAmounts(input: CommandInput): Record<string, number> {
  const given = Object.entries(amounts).flatMap(([flag, field]) => {
    const text = textOf(input, flag)
    return text === undefined ? [] : [[field, parseNumber(`--${flag}`, text)] as const]
  })
  return Object.fromEntries(given)
}

const priceSchema = z.looseObject({}).nullable().catch(null)

/** A price with another time alone is not a change. */
function withoutTimes({ before, after }: z.infer<typeof changeAnswer>) {
  const strip = (price: unknown) => ({ ...priceSchema.parse(price), updated_at: undefined })
  return { before: strip(before), after: strip(after) }
}

const remove: Command = {
  usage: 'prices remove <model>',
  summary: 'remove a price: workers of that model take no turns until it has one',
  run: async ({ words: [model = ''] }, api) => {
    const answer = await api.call('DELETE', pathOf(model), { answer: changeAnswer })
    return { answer, lines: describeChange(`${model} has no price`, answer) }
  },
}

/** Commands about what models cost. */
export const priceCommands: readonly Command[] = [set, remove, list]
