import { insertAdminChange, lockTarget, type Database } from '@omni2/db'
import { announceChange, type Announcement } from './announce-change.ts'
import { ConsoleRefused } from './console-refused.ts'
import type { RequestContext } from './operation.ts'
import { versionOf } from './version.ts'

type InTransaction = Pick<Database, 'db'>

/** A change to one target: how to read it as operators may see it, how to write it, and who has to hear of it. */
export interface Change<T> {
  readonly action: string
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
 * Makes a change and its audit row in one transaction, one after another for the same target, then tells everybody whom
 * it concerns. Throws ConsoleRefused when it was meant for another version, or must not be done.
 */
export async function makeChange<T>(change: Change<T>, context: RequestContext): Promise<MadeChange<T>> {
  const made = await context.database.db
    .transaction()
    .execute(async (db) => writeChange(change, context, { db }))
  const { action, target, announce } = change
  context.log.info(
    { action, target_type: target.type, target_id: target.id, change_id: made.change_id },
    'changed',
  )
  const announced = await announceChange(announce(made.after), context)
  return { ...made, announced }
}

async function writeChange<T>(
  { action, target, read, write }: Change<T>,
  { actor, requestId, ifMatch }: RequestContext,
  transaction: InTransaction,
) {
  await lockTarget(`${target.type}:${target.id}`, transaction)
  const before = await read(transaction)
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== versionOf(before))
    throw new ConsoleRefused('changed_meanwhile')
  await write(before, transaction)
  const after = await read(transaction)
  const row = {
    user_id: actor.userId,
    role: actor.role,
    action,
    target_type: target.type,
    target_id: target.id,
    before,
    after,
    request_id: requestId,
  }
  return { change_id: await insertAdminChange(row, transaction), before, after }
}
