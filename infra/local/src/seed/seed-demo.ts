import { Client } from 'pg'
import { insertDemoRoles } from './insert-demo-roles.ts'
import { insertDemoUsers, type SeedOptions } from './insert-demo-users.ts'
import { insertDefaultLimits } from './insert-default-limits.ts'
import { refuseForeignUsers } from './refuse-foreign-users.ts'

/**
 * Puts roles, users 1 to 5 and the default limits into a migrated database, in one transaction; safe to run again.
 * Throws an OperatorError, and changes nothing, where one of the ids belongs to another user.
 */
export async function seedDemo(databaseUrl: string, options: SeedOptions): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  // An error between statements reaches the caller as the next statement's rejection.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin')
    await refuseForeignUsers(client)
    await insertDemoRoles(client, options)
    await insertDemoUsers(client, options)
    await insertDefaultLimits(client)
    await client.query('commit')
  } finally {
    // Without a commit the transaction ends here.
    await client.end()
  }
}
