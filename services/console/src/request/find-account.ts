import { deletedUsername } from '@omni2/contracts'
import { loadAccount, type Account, type Database } from '@omni2/db'
import { ConsoleRefused } from '../console-refused.ts'

/** One account; throws ConsoleRefused when there is none. */
export async function findAccount(userId: number, database: Pick<Database, 'db'>): Promise<Account> {
  const account = await loadAccount(userId, database)
  if (account === undefined) throw new ConsoleRefused('not_found', { text: `There is no user ${userId}.` })
  return account
}

/** One account that was not deleted; throws ConsoleRefused when there is none. */
export async function findLivingAccount(userId: number, database: Pick<Database, 'db'>): Promise<Account> {
  const account = await findAccount(userId, database)
  if (account.username === deletedUsername(userId))
    throw new ConsoleRefused('not_found', { text: `User ${userId} was deleted.` })
  return account
}
