import { deleteSetting, listSettings, loadSetting, saveSetting, type Database } from '@omni2/db'
import { z } from 'zod'
import type { ChangeAction } from '../change-actions.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../change/make-change.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { findRole } from '../roles/read-roles.ts'
import { changeOf, listOf, ofRole, text } from '../schemas.ts'

/** Keys of `omni2.omni2_config` in which workers look for the prompt of a turn: its role's, else the default. */
const defaultKey = 'system_prompt.default'
const rolePrefix = 'system_prompt.role.'

const promptSchema = z.object({
  /** Null: the prompt for all users whose role has none. */
  role: z.string().nullable(),
  prompt: z.string(),
})

type Prompt = z.infer<typeof promptSchema>

const promptChangeSchema = z.strictObject({ prompt: text(100_000).min(1) })

export const listSystemPrompts = defineOperation({
  id: 'listSystemPrompts',
  method: 'GET',
  path: '/system-prompts',
  summary: 'System prompts: the role’s, else the default is given to the model.',
  answer: listOf(promptSchema),
  handle: async (_input, { database }) => {
    const settings = await listSettings('system_prompt.', database)
    return { items: settings.flatMap(({ key, value }) => readPrompt(key, value) ?? []) }
  },
})

export const setDefaultSystemPrompt = defineOperation({
  id: 'setDefaultSystemPrompt',
  method: 'PUT',
  path: '/system-prompts/default',
  summary: 'Sets the system prompt of everybody whose role has none.',
  body: promptChangeSchema,
  answer: changeOf(promptSchema),
  handle: ({ body }, context) => setPrompt(null, body.prompt, context),
})

export const setRoleSystemPrompt = defineOperation({
  id: 'setRoleSystemPrompt',
  method: 'PUT',
  path: '/system-prompts/roles/{role}',
  summary: 'Sets the system prompt of a role.',
  params: ofRole,
  body: promptChangeSchema,
  answer: changeOf(promptSchema),
  handle: ({ params: { role }, body }, context) => setPrompt(role, body.prompt, context),
})

export const deleteDefaultSystemPrompt = defineOperation({
  id: 'deleteDefaultSystemPrompt',
  refuses: ['not_found'],
  method: 'DELETE',
  path: '/system-prompts/default',
  summary: 'Goes back to the prompt in the configuration of the workers.',
  answer: changeOf(promptSchema),
  handle: (_input, context) => deletePrompt(null, context),
})

export const deleteRoleSystemPrompt = defineOperation({
  id: 'deleteRoleSystemPrompt',
  method: 'DELETE',
  path: '/system-prompts/roles/{role}',
  summary: 'Leaves a role to the default system prompt.',
  params: ofRole,
  answer: changeOf(promptSchema),
  handle: ({ params: { role } }, context) => deletePrompt(role, context),
})

const setPrompt = (role: string | null, prompt: string, context: RequestContext) =>
  makeChange<Prompt>(
    {
      ...changeOfPrompt(role, 'system_prompt.set'),
      write: async (_before, transaction) => {
        if (role !== null) await findRole(role, transaction)
        await saveSetting(keyOf(role), prompt, transaction)
      },
    },
    context,
  )

const deletePrompt = (role: string | null, context: RequestContext) =>
  makeChange<Prompt>(
    {
      ...changeOfPrompt(role, 'system_prompt.delete'),
      write: async (before, transaction) => {
        if (!before) throw new ConsoleRefused('not_found', { text: 'There is no system prompt of its own.' })
        await deleteSetting(keyOf(role), transaction)
      },
    },
    context,
  )

const changeOfPrompt = (role: string | null, action: ChangeAction) => ({
  action,
  target: { type: 'setting', id: keyOf(role) },
  read: async (transaction: Pick<Database, 'db'>) =>
    readPrompt(keyOf(role), await loadSetting(keyOf(role), transaction)) ?? null,
  announce: () => [],
})

const keyOf = (role: string | null): string => (role === null ? defaultKey : `${rolePrefix}${role}`)

/** As workers read it: the text itself, or an object that holds it. */
const storedPromptSchema = z.union([
  z.string(),
  z.looseObject({ text: z.string() }).transform((stored) => stored.text),
])

/** Undefined for what workers would not take for a prompt. */
function readPrompt(key: string, value: unknown): Prompt | undefined {
  const { data: prompt } = storedPromptSchema.safeParse(value)
  if (prompt === undefined) return undefined
  if (key === defaultKey) return { role: null, prompt }
  return key.startsWith(rolePrefix) ? { role: key.slice(rolePrefix.length), prompt } : undefined
}
