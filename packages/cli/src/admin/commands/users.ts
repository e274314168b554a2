import { z } from 'zod'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command } from '../command.ts'
import { describeDifference } from '../describe-difference.ts'
import { findUser } from '../find-user.ts'
import { formatTable } from '../format-table.ts'
import { describeMore, makePageQuery } from '../pages.ts'
import { parseDuration, parseNumber } from '../parse-duration.ts'

const usersSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.int(),
      username: z.string(),
      role: z.string().nullable(),
      active: z.boolean(),
      is_blocked: z.boolean(),
    }),
  ),
  next_cursor: z.string().nullable(),
})

const users: Command = {
  usage: 'users [search]',
  summary: 'users; with a search, those whose name or e-mail address contains it',
  options: { cursor: { type: 'string' }, limit: { type: 'string' } },
  flags: '  --limit N           at most so many (default 50)\n  --cursor CURSOR     go on with a list\n',
  run: async (input, api) => {
    const query = makePageQuery(input, 50)
    const [search] = input.words
    if (search !== undefined) query.set('search', search)
    const answer = await api.call('GET', `/users?${query.toString()}`, { answer: usersSchema })
    const rows = answer.items.map(({ id, username, role, active, is_blocked }) => {
      const state = is_blocked ? 'blocked' : active ? 'active' : 'inactive'
      return [id, username, role, state]
    })
    return {
      answer,
      lines: [
        ...formatTable([['id', 'username', 'role', 'state'], ...rows]),
        ...describeMore(answer.next_cursor),
      ],
    }
  },
}

const user: Command = {
  usage: 'user <user>',
  summary: 'one user (by id or username): block, limits, use of today, logins, monitoring',
  run: async ({ words }, api) => {
    const answer = await api.call('GET', `/users/${await findUser(words[0], api)}`, {
      answer: z.record(z.string(), z.unknown()),
    })
    const rows = Object.entries(answer).map(([name, value]) => [name, value])
    return { answer, lines: formatTable(rows) }
  },
}

const blockAnswer = changeAnswer.extend({ before: z.looseObject({ is_blocked: z.boolean() }).nullable() })

const block: Command = {
  usage: 'block <user>',
  summary: 'block a user; open connections close at once. What is not given of a block that goes on stays',
  options: { reason: { type: 'string' }, message: { type: 'string' }, services: { type: 'string' } },
  flags:
    '  --reason TEXT       why, for operators\n' +
    '  --message TEXT      text for the user in place of the default one\n' +
    '  --services LIST     of chat and mcp (default both), separated by commas\n',
  run: async (input, api) => {
    const body = {
      is_blocked: true,
      block_reason: textOf(input, 'reason'),
      custom_block_message: textOf(input, 'message'),
      blocked_services: textOf(input, 'services')?.split(','),
    }
    const id = await findUser(input.words[0], api)
    const answer = await api.call('PATCH', `/users/${id}/block`, { answer: blockAnswer, body })
    const done = describeChange(`${input.words[0]} is blocked`, answer)
    return { answer, lines: answer.before?.is_blocked ? [...done, ...describeDifference(answer)] : done }
  },
}

const unblock: Command = {
  usage: 'unblock <user>',
  summary: 'unblock a user',
  run: async ({ words }, api) => {
    const id = await findUser(words[0], api)
    const body = { is_blocked: false }
    const answer = await api.call('PUT', `/users/${id}/block`, { answer: changeAnswer, body })
    return { answer, lines: describeChange(`${words[0]} is not blocked`, answer) }
  },
}

/** A change of an account. */
const changing = (
  usage: string,
  summary: string,
  done: string,
  makeBody: (word: string) => object,
): Command => ({
  usage,
  summary,
  run: async ({ words: [who = '', word = ''] }, api) => {
    const body = makeBody(word)
    const id = await findUser(who, api)
    const answer = await api.call('PATCH', `/users/${id}`, { answer: changeAnswer, body })
    return { answer, lines: describeChange(`${who} ${done} ${word}`.trimEnd(), answer) }
  },
})

const kick: Command = {
  usage: 'kick <user>',
  summary: 'close the connections of a user, who may connect again',
  run: async ({ words: [who = ''] }, api) => {
    const answer = await api.call('POST', `/users/${await findUser(who, api)}/kick`, { answer: changeAnswer })
    return { answer, lines: describeChange(`${who} was disconnected`, answer) }
  },
}

const logOut: Command = {
  usage: 'logout <user>',
  summary: 'end every login of a user',
  run: async ({ words: [who = ''] }, api) => {
    const path = `/users/${await findUser(who, api)}/sessions`
    const answer = await api.call('DELETE', path, { answer: changeAnswer })
    return { answer, lines: describeChange(`${who} is logged out everywhere`, answer) }
  },
}

const monitor: Command = {
  usage: 'monitor <user>',
  summary: 'let operators follow the turns of a user for a while; --stop ends it',
  options: { for: { type: 'string' }, stop: { type: 'boolean' } },
  flags: '  --for TIME          such as 90s, 10m or 2h (default 10m)\n  --stop              end it\n',
  run: async (input, api) => {
    const [who = ''] = input.words
    const ttl_seconds = parseDuration('--for', textOf(input, 'for') ?? '10m')
    const path = `/users/${await findUser(who, api)}/monitoring`
    const isStopped = input.flags['stop'] === true
    const answer = isStopped
      ? await api.call('DELETE', path, { answer: changeAnswer })
      : await api.call('PUT', path, { answer: changeAnswer, body: { ttl_seconds } })
    const done = isStopped
      ? 'is not monitored'
      : `is monitored; follow with GET /api/admin/v1${path.replace('monitoring', 'live')}`
    return { answer, lines: describeChange(`${who} ${done}`, answer) }
  },
}

/** Commands about users. */
export const userCommands: readonly Command[] = [
  users,
  user,
  block,
  unblock,
  changing('role <user> <role>', 'give a user another role', 'has the role', (role) => ({ role })),
  changing(
    'rate <user> <requests>',
    "set a user's own requests a minute; `none` leaves the user to the role",
    'has as requests a minute:',
    (requests) => ({
      rate_limit_override: requests === 'none' ? null : parseNumber('<requests>', requests),
    }),
  ),
  changing('activate <user>', 'let an account be used again', 'is active', () => ({ active: true })),
  changing('deactivate <user>', 'let an account be used no longer', 'is inactive', () => ({ active: false })),
  kick,
  logOut,
  monitor,
]
