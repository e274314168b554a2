import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import { type Page } from './page.ts'

export interface NewAdminChange {
  readonly user_id: number
  readonly role: string
  readonly action: string
  readonly target_type: string
  readonly target_id: string
  /** Secrets masked by the caller, as in `after`; null: there was nothing. */
  readonly before: unknown
  readonly after: unknown
  readonly request_id: string
}

export interface AdminChange extends NewAdminChange {
  readonly id: number
  readonly at: Date
}

const write = (value: unknown) => (value == null ? null : JSON.stringify(value))

/** Records a change, within its own transaction; returns its id. */
export async function insertAdminChange(
  change: NewAdminChange,
  { db }: Pick<Database, 'db'>,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into omni2.admin_changes (user_id, role, action, target_type, target_id, before, after, request_id)
    values (${change.user_id}, ${change.role}, ${change.action}, ${change.target_type}, ${change.target_id},
      ${write(change.before)}::jsonb, ${write(change.after)}::jsonb, ${change.request_id})
    returning id
  `.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted change has a row')
  return row.id
}

/** Records the outcome of a change that was recorded before it was made. */
export async function completeAdminChange(
  id: number,
  after: unknown,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`update omni2.admin_changes set after = ${write(after)}::jsonb where id = ${id}`.execute(db)
}

export interface AdminChangeFilter {
  readonly userId: number | undefined
  readonly targetType: string | undefined
  readonly targetId: string | undefined
}

/** Changes, newest first. */
export async function listAdminChanges(
  { userId, targetType, targetId }: AdminChangeFilter,
  { after, limit }: Page<number>,
  { db }: Pick<Database, 'db'>,
): Promise<AdminChange[]> {
  const { rows } = await sql<AdminChange>`
    select id, user_id, role, action, target_type, target_id, before, after, request_id, at
    from omni2.admin_changes
    where (${after ?? null}::bigint is null or id < ${after ?? null})
      and (${userId ?? null}::integer is null or user_id = ${userId ?? null})
      and (${targetType ?? null}::text is null or target_type = ${targetType ?? null})
      and (${targetId ?? null}::text is null or target_id = ${targetId ?? null})
    order by id desc limit ${limit}
  `.execute(db)
  return rows
}

/** Lets changes of the same target run one after another: holds a lock until the transaction ends. */
export async function lockTarget(target: string, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`admin:${target}`}, 0))`.execute(db)
}
