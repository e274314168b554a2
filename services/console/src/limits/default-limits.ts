import { defaultLimitsSchema } from '@omni2/contracts'
import { loadSetting, saveSetting, type Database } from '@omni2/db'
import type { z } from 'zod'
import { makeChange } from '../make-change.ts'
import { defineOperation } from '../operation.ts'
import { changeOf } from '../schemas.ts'
import { defaultLimitsChangeSchema } from './limit-schemas.ts'

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
    makeChange<DefaultLimits>(
      {
        action: 'limits.set_default',
        target: { type: 'setting', id: key },
        read: load,
        write: (_before, transaction) => saveSetting(key, body, transaction),
        announce: () => [],
      },
      context,
    ),
})
