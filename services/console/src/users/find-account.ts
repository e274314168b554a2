import { loadAccount, type Account, type Database } from '@omni2/db'
import { ConsoleRefused } from '../console-refused.ts'

/** One account; throws ConsoleRefused when there is none. */
export async function findAccount(userId: number, database: Pick<Database, 'db'>): Promise<Account> {
  const account = await loadAccount(userId, database)
  if (account === undefined) throw new ConsoleRefused('not_found', { text: `There is no user ${userId}.` })
  return account
}
