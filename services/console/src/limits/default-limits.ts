import { defaultLimitsSchema } from '@omni2/contracts'
import { loadSetting, saveSetting, type Database } from '@omni2/db'
import type { z } from 'zod'
import type { ChangeAction } from '../change-actions.ts'
import { mergeGiven } from '../change/merge-given.ts'
import { makeChange, type Change } from '../change/make-change.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf } from '../schemas.ts'
import { defaultLimitsChangeSchema, defaultLimitsPatchSchema } from './limit-schemas.ts'

const path = '/limits/default'
const key = 'limits.default'

type DefaultLimits = z.infer<typeof defaultLimitsSchema>

/** Null where none are set, or what is set cannot be read: workers admit nothing then. */
async function load(database: Pick<Database, 'db'>): Promise<DefaultLimits | null> {
  const stored = (await loadSetting(key, database)) ?? null
  return defaultLimitsSchema.safeParse(stored).data ?? null
}

export const getDefaultLimits = defineOperation({
  id: 'getDefaultLimits',
  method: 'GET',
  path,
  summary: 'Limits that apply where neither user nor role says otherwise.',
  versioned: true,
  answer: defaultLimitsSchema.nullable(),
  handle: (_input, { database }) => load(database),
})

export const setDefaultLimits = defineOperation({
  id: 'setDefaultLimits',
  method: 'PUT',
  path,
  summary: 'Replaces the default limits; they apply from everybody’s next turn.',
  versioned: true,
  body: defaultLimitsChangeSchema,
  answer: changeOf(defaultLimitsSchema),
  handle: ({ body }, context) =>
    makeChange(
      {
        ...changeOfDefaults('limits.set_default'),
        write: (_before, transaction) => saveSetting(key, body, transaction),
      },
      context,
    ),
})

export const changeDefaultLimits = defineOperation({
  id: 'changeDefaultLimits',
  refuses: ['unreadable'],
  method: 'PATCH',
  path,
  summary: 'Changes what is given of the default limits; null takes one away, the rest stays.',
  versioned: true,
  body: defaultLimitsPatchSchema,
  answer: changeOf(defaultLimitsSchema),
  handle: ({ body }, context) =>
    makeChange(
      {
        ...changeOfDefaults('limits.change_default'),
        write: async (_before, transaction) => {
          const stored = (await loadSetting(key, transaction)) ?? {}
          const { data: readable } = defaultLimitsSchema.safeParse(stored)
          if (readable === undefined) throw makeUnreadableProblem()
          await saveSetting(key, dropUnset(mergeGiven<DefaultLimits>(readable, body)), transaction)
        },
      },
      context,
    ),
})

const changeOfDefaults = (action: ChangeAction): Omit<Change<DefaultLimits>, 'write'> => ({
  action,
  target: { type: 'setting', id: key },
  read: load,
  announce: () => [],
})

/** A change of a part would keep what cannot be read, and workers would go on admitting nothing. */
const makeUnreadableProblem = () =>
  new ConsoleRefused('unreadable', {
    text: 'The stored default limits cannot be read; replace them whole with PUT /limits/default.',
  })

const dropUnset = (limits: DefaultLimits): DefaultLimits =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value != null))
