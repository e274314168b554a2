import type { Client } from 'pg'
import { OperatorError } from '@omni2/cli/operator-error'
import { demoUsers } from './demo-users.ts'

/** Throws when an id or a name of the demo users belongs to a user who is not that demo user. */
export async function refuseForeignUsers(db: Pick<Client, 'query'>): Promise<void> {
  const { rows } = await db.query<{ id: number; username: string }>(
    'select id, username from auth_service.users where id = any($1) or username = any($2)',
    [demoUsers.map((user) => user.id), demoUsers.map((user) => user.username)],
  )
  const foreign = rows.find((row) => !demoUsers.some((user) => isSame(user, row)))
  if (foreign === undefined) return
  throw new OperatorError(
    `demo users cannot be seeded: this database has a user ${foreign.id} "${foreign.username}" of its own`,
  )
}

const isSame = (a: { id: number; username: string }, b: { id: number; username: string }): boolean =>
  a.id === b.id && a.username === b.username
