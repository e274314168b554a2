import { listAdministrators, lockTarget, type Account, type Database } from '@omni2/db'
import type { ConsoleConfig } from '../config.ts'
import { ConsoleRefused } from '../console-refused.ts'

/**
 * Call it before an account loses rights; throws ConsoleRefused if no other administrator would be left. When two
 * administrators remove each other's access, the two changes run one after the other here, and the second is refused.
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
