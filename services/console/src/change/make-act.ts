import { completeAdminChange, insertAdminChange } from '@omni2/db'
import { RetryableError, TerminalError } from '@omni2/service-kit'
import { noteChange, refuseOtherVersion, rowOf, type Change, type MadeChange } from './make-change.ts'
import type { RequestContext } from '../request/operation.ts'

/** Something done outside the database, which no transaction can undo. */
export interface Act<T> extends Pick<Change<T>, 'action' | 'target'> {
  /** Without secrets; null: there is nothing. */
  readonly before: T | null
  /** Does it; returns what there is then. */
  readonly act: () => Promise<T | null>
}

/** What an audit row says until the outcome is written; it stays if the process ends before that. */
const unknownOutcome = { error: 'outcome_unknown', reason: 'asked for; what came of it is not recorded' }

/**
 * Does something that leaves one audit row whatever happens: it is committed first and completed with the outcome, or
 * with the error that it ended in. Checks that refuse it without a trace belong before it. Throws what the act throws.
 */
export async function makeAct<T>(act: Act<T>, context: RequestContext): Promise<MadeChange<T>> {
  const { before } = act
  refuseOtherVersion(before, context)
  const row = { ...rowOf(act, context), before, after: unknownOutcome }
  const change_id = await insertAdminChange(row, context.database)
  const after = await act.act().catch((err: unknown) => failAct(change_id, err, context))
  await completeAdminChange(change_id, after, context.database)
  noteChange(act, change_id, context)
  return { change_id, before, after, announced: true }
}

/** Writes down why it failed, then throws just that. */
async function failAct(
  change_id: number,
  err: unknown,
  { database, log }: Pick<RequestContext, 'database' | 'log'>,
): Promise<never> {
  await completeAdminChange(change_id, describeFailure(err), database).catch((cause: unknown) =>
    log.warn({ err: cause, change_id }, 'outcome not recorded'),
  )
  throw err
}

/** Messages of errors of our own are fixed phrases; others may hold anything. */
const describeFailure = (err: unknown): { error: string; reason: string | null } =>
  err instanceof RetryableError || err instanceof TerminalError
    ? { error: err.code, reason: err.message }
    : { error: 'internal', reason: null }
