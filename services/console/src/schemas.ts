import { z } from 'zod'
import { idSchema, userIdSchema } from '@omni2/contracts'
import type { Place } from '@omni2/db'

/** A text for a column; Postgres cannot hold NUL. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0]*$/, 'must not contain NUL')

export const name = (max: number) => text(max).min(1)

export const userId = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'must be a user id')
  .transform(Number)
  .pipe(userIdSchema)

export const ofUser = z.strictObject({ user_id: userId })
export const ofRole = z.strictObject({ role: name(50) })
export const ofServer = z.strictObject({ server: name(100) })
export const ofTurn = z.strictObject({ session_id: idSchema })

/** Rows of a page; more are not given at once. */
const limit = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(200))
  .prefault('50')

export const notACursor = 'must be the next_cursor of a page'

/** A cursor that is a number: what a page's `next_cursor` said. */
export const numberCursor = z
  .string()
  .regex(/^\d{1,15}$/, notACursor)
  .transform(Number)

/** The same of lists that go by a column of type `integer`. */
export const idCursor = numberCursor.pipe(z.int().max(2_147_483_647, notACursor))

/** A cursor of rows that go by a time and an id. */
export const placeCursor = z
  .string()
  .regex(/^\d{1,18}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, notACursor)
  .transform((cursor): Place => {
    const [at = '', id = ''] = cursor.split('_')
    return { at, id }
  })

/** The query of a list, with further filters. */
export const pageQuery = <C extends z.ZodType, F extends z.ZodRawShape>(cursor: C, filters: F) =>
  z.strictObject({ limit, cursor: cursor.optional(), ...filters })

/** A page of a list; `next_cursor` null: that was all. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() })

export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })

/** Answer of a change. */
export const changeOf = <T extends z.ZodType>(resource: T) =>
  z.object({
    /** Of `GET /changes`. */
    change_id: z.int(),
    before: resource.nullable(),
    after: resource.nullable(),
    /** False: the announcement did not reach all processes; they find the change at a check within a minute. */
    announced: z.boolean(),
  })

/** Turns rows into a page: there may be more when it is full. */
export function makePage<T>(
  items: readonly T[],
  { limit: size }: { limit: number },
  cursorOf: (last: T) => string,
): { items: T[]; next_cursor: string | null } {
  const last = items.at(-1)
  const next_cursor = last !== undefined && items.length === size ? cursorOf(last) : null
  return { items: [...items], next_cursor }
}

/** The same of rows that go by a time and an id; their places are not shown. */
export function makePlacedPage<T extends { readonly place: string }>(
  rows: readonly T[],
  query: { limit: number },
  idOf: (row: T) => string,
): { items: Omit<T, 'place'>[]; next_cursor: string | null } {
  const page = makePage(rows, query, (row) => `${row.place}_${idOf(row)}`)
  return { ...page, items: page.items.map(({ place: _place, ...row }) => row) }
}
