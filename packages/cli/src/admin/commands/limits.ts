import { z } from 'zod'
import { makeUsageError } from '../../operator-error.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput } from '../command.ts'
import { describeDifference } from '../describe-difference.ts'
import { findUser } from '../find-user.ts'
import { formatTable } from '../format-table.ts'
import { parseNumber } from '../parse-duration.ts'

/** Flags and the fields of the API that they set. */
const ownFlags = {
  'max-requests': 'max_requests',
  'max-tokens': 'max_tokens',
  'max-cost': 'max_cost',
  days: 'period_days',
} as const

const defaultFlags = {
  ...ownFlags,
  rate: 'requests_per_minute',
  concurrent: 'concurrent_turns',
  'cost-daily': 'cost_daily',
} as const

const ownUsage =
  '  --max-requests N    in the period; here and below `none` takes the limit away\n' +
  '  --max-tokens N      in the period\n  --max-cost USD      in the period\n' +
  '  --days N            length of the period (a new one has 30)\n'

/** Shows, sets or removes a user's own limits. */
const limitsOfUser: Command = {
  usage: 'limits <user>',
  summary: 'show or change the limits of a user; what is not given stays',
  options: { ...textOptions(ownFlags), none: { type: 'boolean' } },
  flags: `${ownUsage}  --none              leave the user to the role and the defaults\n`,
  run: async (input, api) => {
    const body = readLimits(input, ownFlags)
    const isNone = input.flags['none'] === true
    const given = Object.keys(body)
    if (isNone && given.length > 0) throw makeUsageError('--none: takes all limits away, give it alone')
    const [who = ''] = input.words
    const path = `/users/${await findUser(who, api)}/limits`
    if (isNone) {
      const answer = await api.call('DELETE', path, { answer: changeAnswer })
      return { answer, lines: describeChange(`${who} has no limits of their own`, answer) }
    }
    if (given.length === 0) {
      const answer = await api.call('GET', path, { answer: limitsSchema })
      const nothing = `${who} has no limits of their own; the role's and the defaults apply`
      return { answer, lines: formatLimits(answer, nothing) }
    }
    // A limit that is set applies, also where an old row is not active.
    const change = { ...body, is_active: true }
    const answer = await api.call('PATCH', path, { answer: changeAnswer, body: change })
    const done = describeChange(`the limits of ${who} are changed`, answer)
    return { answer, lines: [...done, ...describeDifference(answer)] }
  },
}

/** Shows or sets the limits that apply where neither user nor role sets one. */
const defaultLimits: Command = {
  usage: 'limits default',
  summary: 'show or change the default limits, for users without others; what is not given stays',
  options: textOptions(defaultFlags),
  flags:
    `${ownUsage}  --rate N            requests a minute\n` +
    '  --concurrent N      turns at once\n  --cost-daily USD    in a UTC day\n',
  run: async (input, api) => {
    const body = readLimits(input, defaultFlags)
    const path = '/limits/default'
    if (Object.keys(body).length === 0) {
      const answer = await api.call('GET', path, { answer: limitsSchema })
      return { answer, lines: formatLimits(answer, 'no default limits are set, or none that can be read') }
    }
    const answer = await api.call('PATCH', path, { answer: changeAnswer, body })
    const done = describeChange('the default limits are changed', answer)
    return { answer, lines: [...done, ...describeDifference(answer)] }
  },
}

const nearSchema = z.looseObject({ items: z.array(z.looseObject({ share: z.number() })) })

/** Lists who has used most of a limit. */
const near: Command = {
  usage: 'limits near',
  summary: 'users who have used 70 % or more of a daily cost limit or of a limit of their own',
  run: async (_input, api) => {
    const answer = await api.call('GET', '/limits/near', { answer: nearSchema })
    const names = ['username', 'kind', 'period_days', 'used', 'limit']
    const rows = answer.items.map((row) => [
      ...names.map((name) => row[name]),
      `${Math.floor(row.share * 100)} %`,
    ])
    return { answer, lines: formatTable([[...names, 'share'], ...rows]) }
  },
}

/** Commands about limits; `default` and `near` are no users here. */
export const limitCommands: readonly Command[] = [defaultLimits, near, limitsOfUser]

const limitsSchema = z.record(z.string(), z.unknown()).nullable()

type Flags = Readonly<Record<string, string>>

function textOptions(flags: Flags): Record<string, { type: 'string' }> {
  return Object.fromEntries(Object.keys(flags).map((flag) => [flag, { type: 'string' as const }]))
}

/** The fields that are given; null removes one. */
function readLimits(input: CommandInput, flags: Flags): Record<string, number | null> {
  const given = Object.entries(flags).flatMap(([flag, field]) => {
    const text = textOf(input, flag)
    if (text === undefined) return []
    return [[field, text === 'none' ? null : parseNumber(`--${flag}`, text)] as const]
  })
  return Object.fromEntries(given)
}

function formatLimits(limits: z.infer<typeof limitsSchema>, nothing: string): string[] {
  const set = Object.entries(limits ?? {}).filter(([, value]) => value !== null)
  return set.length === 0 ? [nothing] : formatTable(set)
}
