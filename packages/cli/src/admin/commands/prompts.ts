import { z } from 'zod'
import { makeUsageError } from '../../operator-error.ts'
import { changeAnswer, describeChange } from '../change-answer.ts'
import { textOf, type Command, type CommandInput } from '../command.ts'
import { formatTable } from '../format-table.ts'
import { readGivenFile } from '../read-given-file.ts'

const promptsSchema = z.looseObject({
  items: z.array(z.looseObject({ role: z.string().nullable(), prompt: z.string() })),
})

const list: Command = {
  usage: 'prompts list',
  summary: 'system prompts and who gets them',
  run: async (_input, api) => {
    const answer = await api.call('GET', '/system-prompts', { answer: promptsSchema })
    const rows = answer.items.map(({ role, prompt }) => [role === null ? 'default' : `role ${role}`, prompt])
    return { answer, lines: formatTable([['for', 'prompt'], ...rows]) }
  },
}

const ofRole = '  --role NAME         for that role; without it for all users whose role has none\n'

const set: Command = {
  usage: 'prompts set [text]',
  summary: 'set the system prompt of all users or of a role',
  options: { role: { type: 'string' }, file: { type: 'string' } },
  flags: `${ofRole}  --file FILE         with the text, - for stdin\n`,
  run: async (input, api) => {
    const body = { prompt: await readPrompt(input) }
    const answer = await api.call('PUT', pathOf(input), { answer: changeAnswer, body })
    return { answer, lines: describeChange('the prompt is set, from the next turn on', answer) }
  },
}

const remove: Command = {
  usage: 'prompts remove',
  summary: 'remove the system prompt of a role, or the default one; then the next wider prompt applies',
  options: { role: { type: 'string' } },
  flags: ofRole,
  run: async (input, api) => {
    const answer = await api.call('DELETE', pathOf(input), { answer: changeAnswer })
    return { answer, lines: describeChange('the prompt is gone', answer) }
  },
}

function pathOf(input: CommandInput): string {
  const role = textOf(input, 'role')
  return `/system-prompts/${role === undefined ? 'default' : `roles/${encodeURIComponent(role)}`}`
}

async function readPrompt(input: CommandInput): Promise<string> {
  const [typed] = input.words
  const file = textOf(input, 'file')
  if ((typed === undefined) === (file === undefined)) throw makeUsageError('give the text, or --file with it')
  return typed ?? (await readGivenFile('--file', file ?? '', input)).trimEnd()
}

/** Commands about system prompts. */
export const promptCommands: readonly Command[] = [list, set, remove]
