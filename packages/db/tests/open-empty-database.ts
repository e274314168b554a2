import { openTestDatabase } from '@omni2/testkit'

/** A separate database that never had one of our schemas. */
export async function openEmptyDatabase(): ReturnType<typeof openTestDatabase> {
  const database = await openTestDatabase()
  await database.query('drop schema if exists omni2, auth_service cascade')
  return database
}
