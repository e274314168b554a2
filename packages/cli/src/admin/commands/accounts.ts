import { z } from 'zod'
import {
  choosePassword,
  type ChosenPassword,
  describePassword,
  newPasswordVariable,
  passwordOptions,
  passwordUsage,
} from '../../passwords/choose-password.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput, type CommandOutput } from '../command.ts'
import { findUser } from '../find-user.ts'

const createdSchema = changeAnswer.extend({
  after: z.looseObject({ id: z.int(), username: z.string(), role: z.string().nullable() }),
})

const createUser: Command = {
  usage: 'create-user <username>',
  summary: 'add a user, who logs in with a password',
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    role: { type: 'string' },
    ...passwordOptions,
  },
  flags:
    '  --email ADDRESS     can be typed at a login in place of the username\n' +
    '  --name NAME         for people (default: the username)\n' +
    '  --role ROLE         what the user may; without a role only chat, within the default limits\n' +
    passwordUsage(newPasswordVariable),
  run: async (input, api) => {
    const [username = ''] = input.words
    const name = textOf(input, 'name')
    const chosen = await choosePasswordOf(username, input)
    const body = {
      username,
      ...(name === undefined ? {} : { name }),
      email: textOf(input, 'email') ?? null,
      role: textOf(input, 'role') ?? null,
      password: chosen.password,
    }
    const answer = await api.call('POST', '/users', { answer: createdSchema, body })
    const { id, role } = answer.after
    const done = `${username} is user ${id}, ${role === null ? 'without a role' : `with the role ${role}`}`
    return describeGiven(done, chosen, answer)
  },
}

const setPassword: Command = {
  usage: 'set-password <user>',
  summary: 'give a user another password; ends their logins and closes their connections',
  options: passwordOptions,
  flags: passwordUsage(newPasswordVariable),
  run: async (input, api) => {
    const [who = ''] = input.words
    const path = `/users/${await findUser(who, api)}/password`
    const chosen = await choosePasswordOf(who, input)
    const body = { password: chosen.password }
    const answer = await api.call('PUT', path, { answer: changeAnswer, body })
    const done = `${who} has another password and is logged out everywhere`
    return describeGiven(done, chosen, answer)
  },
}

const invitedAnswer = changeAnswer.extend({
  after: z.looseObject({ expires_at: z.string() }),
  link: z.string(),
})

const inviteUser: Command = {
  usage: 'invite <user>',
  summary: 'make a link with which a person sets the password of a user, once; an earlier one is void',
  options: { hours: { type: 'string' } },
  flags: '  --hours N           how long the link is good, up to 720 (default: 72)\n',
  run: async (input, api) => {
    const [who = ''] = input.words
    const path = `/users/${await findUser(who, api)}/invitation`
    const hours = textOf(input, 'hours')
    const body = hours === undefined ? {} : { hours: Number(hours) }
    const answer = await api.call('POST', path, { answer: invitedAnswer, body })
    const done = `${who} is invited until ${answer.after.expires_at}`
    return { answer, lines: [...describeChange(done, answer), `${api.url}${answer.link}   (shown only now)`] }
  },
}

const withdrawInvitation: Command = {
  usage: 'uninvite <user>',
  summary: 'make the invitation of a user void',
  run: async ({ words: [who = ''] }, api) => {
    const path = `/users/${await findUser(who, api)}/invitation`
    const answer = await api.call('DELETE', path, { answer: changeAnswer })
    return { answer, lines: describeChange(`${who} has no invitation`, answer) }
  },
}

const deleteUser: Command = {
  usage: 'delete-user <user>',
  summary: 'delete a user for good; turns, costs and changes keep their id (deactivate can be undone)',
  run: async ({ words: [who = ''] }, api) => {
    const path = `/users/${await findUser(who, api)}`
    const answer = await api.call('DELETE', path, { answer: changeAnswer })
    return { answer, lines: describeChange(`${who} is deleted and logged out everywhere`, answer) }
  },
}

const choosePasswordOf = (who: string, { flags, env }: CommandInput) =>
  choosePassword(who, { flags, given: env[newPasswordVariable], variable: newPasswordVariable })

/** A password that was made stands in the answer as well, which no server gives again. */
const describeGiven = (
  done: string,
  chosen: ChosenPassword,
  answer: z.infer<typeof changeAnswer>,
): CommandOutput => ({
  answer: chosen.isMade ? { ...answer, password: chosen.password } : answer,
  lines: [...describeChange(done, answer), ...describePassword(chosen)],
})

/** Commands that make and end accounts. */
export const accountCommands: readonly Command[] = [
  createUser,
  setPassword,
  inviteUser,
  withdrawInvitation,
  deleteUser,
]
