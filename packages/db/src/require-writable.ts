import type { ClientBase } from 'pg'
import { readOnlyState } from './classify-error.ts'

/** The session is one of a standby, or of a database that is fenced off; the address may lead to another node later. */
export class ReadOnlyError extends Error {
  override readonly name = 'ReadOnlyError'
  readonly code = readOnlyState

  constructor() {
    super('the database is read-only: a standby, or fenced off')
  }
}

/** Throws ReadOnlyError where a session cannot write. */
export async function requireWritable(session: Pick<ClientBase, 'query'>): Promise<void> {
  const { rows } = await session.query<{ is_read_only: boolean }>(
    `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as is_read_only`,
  )
  if (rows[0]?.is_read_only !== false) throw new ReadOnlyError()
}
