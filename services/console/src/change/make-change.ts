import { insertAdminChange, lockTarget, type Database } from '@omni2/db'
import { announceChange, type Announcement } from './announce-change.ts'
import type { ChangeAction } from '../change-actions.ts'
import { ConsoleRefused } from '../console-refused.ts'
import type { RequestContext } from '../request/operation.ts'
import { versionOf } from '../request/version.ts'

type InTransaction = Pick<Database, 'db'>

/** A change to one target: how to read it as operators may see it, how to write it, and which processes hear of it. */
export interface Change<T> {
  readonly action: ChangeAction
  readonly target: { readonly type: string; readonly id: string }
  /** Without secrets; null: there is nothing. */
  readonly read: (transaction: InTransaction) => Promise<T | null>
  /** Throws ConsoleRefused where it must not be done. */
  readonly write: (before: T | null, transaction: InTransaction) => Promise<void>
  readonly announce: (after: T | null) => readonly Announcement[]
}

export interface MadeChange<T> {
  change_id: number
  before: T | null
  after: T | null
  announced: boolean
}

/**
 * Makes a change and its audit row in one transaction, one after another for the same target, then announces it. Throws
 * ConsoleRefused when the change was meant for another version, or is not allowed.
 */
export async function makeChange<T>(change: Change<T>, context: RequestContext): Promise<MadeChange<T>> {
  const made = await context.database.db
    .transaction()
    .execute(async (db) => writeChange(change, context, { db }))
  noteChange(change, made.change_id, context)
  const announced = await announceChange(change.announce(made.after), context)
  if (!announced) context.metrics.announcementFailures.add(1)
  return { ...made, announced }
}

async function writeChange<T>(change: Change<T>, context: RequestContext, transaction: InTransaction) {
  const { target, read, write } = change
  await lockTarget(`${target.type}:${target.id}`, transaction)
  const before = await read(transaction)
  refuseOtherVersion(before, context)
  await write(before, transaction)
  const after = await read(transaction)
  const row = { ...rowOf(change, context), before, after }
  return { change_id: await insertAdminChange(row, transaction), before, after }
}

/** Throws ConsoleRefused when a change is meant for another version than there is. */
export function refuseOtherVersion(before: unknown, { ifMatch }: Pick<RequestContext, 'ifMatch'>): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== versionOf(before))
    throw new ConsoleRefused('changed_meanwhile')
}

/** The part of an audit row that says who did what to what. */
export const rowOf = (
  { action, target }: Pick<Change<unknown>, 'action' | 'target'>,
  { actor, requestId }: Pick<RequestContext, 'actor' | 'requestId'>,
) => ({
  user_id: actor.userId,
  role: actor.role,
  action,
  target_type: target.type,
  target_id: target.id,
  request_id: requestId,
})

/** Logs and counts a change that is made and recorded. */
export function noteChange(
  { action, target }: Pick<Change<unknown>, 'action' | 'target'>,
  change_id: number,
  { log, metrics }: Pick<RequestContext, 'log' | 'metrics'>,
): void {
  log.info({ action, target_type: target.type, target_id: target.id, change_id }, 'changed')
  metrics.changes.add(1, { action })
}
