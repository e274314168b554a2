import { listAdministrators, lockTarget, type Account, type Database } from '@omni2/db'
import type { ConsoleConfig } from '../config.ts'
import { ConsoleRefused } from '../console-refused.ts'

/**
 * To be asked before an account loses what it may do; throws ConsoleRefused where no other administrator would be left.
 * Two who take each other's access away follow one another here, and the second one stays.
 */
export async function keepAdministrator(
  { id, active, role }: Pick<Account, 'id' | 'active' | 'role'>,
  { config: { ADMIN_ROLES } }: { config: Pick<ConsoleConfig, 'ADMIN_ROLES'> },
  transaction: Pick<Database, 'db'>,
): Promise<void> {
  if (!active || !ADMIN_ROLES.includes(role ?? '')) return
  await lockTarget('administrators', transaction)
  const administrators = await listAdministrators(ADMIN_ROLES, transaction)
  if (administrators.every((other) => other.id === id)) throw new ConsoleRefused('last_administrator')
}
