import { makeUsageError } from '../../operator-error.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput } from '../command.ts'
import { findUser } from '../find-user.ts'
import { parseNumber } from '../parse-duration.ts'

const limitFlags = ['max-requests', 'max-tokens', 'max-cost'] as const

/** Sets or takes away the limits that a user has for themself. */
export const limits: Command = {
  usage: 'limits <user>',
  summary: 'set the limits of a user; what is not given is not limited here, --none takes all of them away',
  options: {
    'max-requests': { type: 'string' },
    'max-tokens': { type: 'string' },
    'max-cost': { type: 'string' },
    days: { type: 'string' },
    none: { type: 'boolean' },
  },
  flags:
    '  --max-requests N    in the period\n  --max-tokens N      in the period\n' +
    '  --max-cost USD      in the period\n  --days N            length of the period (default 30)\n' +
    '  --none              leave it to the role and the defaults\n',
  run: async (input, api) => {
    const body = readLimits(input)
    const [who = ''] = input.words
    const path = `/users/${await findUser(who, api)}/limits`
    if (body === undefined) {
      const answer = await api.call('DELETE', path, { answer: changeAnswer })
      return { answer, lines: describeChange(`${who} has no limits of their own`, answer) }
    }
    const answer = await api.call('PUT', path, { answer: changeAnswer, body })
    return { answer, lines: describeChange(`${who} may use ${describeLimits(body)}`, answer) }
  },
}

interface Limits {
  readonly period_days: number
  readonly max_requests: number | null
  readonly max_tokens: number | null
  readonly max_cost: number | null
}

/** Undefined: none. */
function readLimits(input: CommandInput): Limits | undefined {
  const given = [...limitFlags, 'days'].filter((flag) => textOf(input, flag) !== undefined)
  const isNone = input.flags['none'] === true
  if (isNone && given.length > 0) throw makeUsageError(`--none and --${given.join(', --')}: only one of them`)
  if (isNone) return undefined
  if (!limitFlags.some((flag) => given.includes(flag)))
    throw makeUsageError('say what to limit: --max-requests, --max-tokens or --max-cost; or --none')
  const read = (flag: string) => {
    const text = textOf(input, flag)
    return text === undefined ? null : parseNumber(`--${flag}`, text)
  }
  return {
    period_days: read('days') ?? 30,
    max_requests: read('max-requests'),
    max_tokens: read('max-tokens'),
    max_cost: read('max-cost'),
  }
}

function describeLimits({ period_days, max_requests, max_tokens, max_cost }: Limits): string {
  const parts = [
    max_requests === null ? [] : `${max_requests} requests`,
    max_tokens === null ? [] : `${max_tokens} tokens`,
    max_cost === null ? [] : `${max_cost} USD`,
  ].flat()
  return `${parts.join(', ')} in ${period_days === 1 ? 'a day' : `${period_days} days`}`
}
