import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { joinLimits, type LimitFacts, selectLimitFacts } from './select-limit-facts.ts'

/**
 * Reads what a user's running turn is limited by. In a transaction: holds the user's row until it ends, as a claim does,
 * so that nothing is admitted in between.
 */
export async function loadLimitFacts(
  { userId, turnId }: { userId: number; turnId: string },
  { db }: Pick<Database, 'db'>,
): Promise<LimitFacts> {
  await sql`select from auth_service.users where id = ${userId} for no key update`.execute(db)
  const { rows } = await sql<LimitFacts>`
    select ${selectLimitFacts({ userId, turnId })}
    from (select ${userId}::int as id) wanted
    left join auth_service.users account on account.id = wanted.id
    left join auth_service.roles role on role.id = account.role_id
    ${joinLimits(userId)}
  `.execute(db)
  const [facts] = rows
  if (!facts) throw new Error('limit facts have one row')
  return facts
}
