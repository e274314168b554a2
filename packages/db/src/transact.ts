import type { Kysely } from 'kysely'
import type { Schema } from './schema/schema.ts'

/**
 * Runs work in a transaction. Commits it if `isKept` accepts the result, else undoes it; also undoes it if the work
 * rejects. Rejects as the statements do, the commit included.
 */
export async function transact<T>(
  db: Kysely<Schema>,
  work: (trx: Kysely<Schema>) => Promise<T>,
  isKept: (result: T) => boolean,
): Promise<T> {
  const transaction = await db.startTransaction().execute()
  try {
    const result = await work(transaction)
    if (isKept(result)) await transaction.commit().execute()
    return result
  } finally {
    // The error that ended the work says more than one of its rollback.
    if (!transaction.isCommitted)
      await transaction
        .rollback()
        .execute()
        .catch(() => {})
  }
}
