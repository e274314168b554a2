import type { TestDatabase } from './open-test-database.ts'

/**
 * Makes Postgres refuse every row that is written to a table, as it does when its disk is full (SQLSTATE
 * 53100), until the result is called.
 */
export async function fillDisk(
  table: string,
  database: Pick<TestDatabase, 'query'>,
): Promise<() => Promise<void>> {
  await database.query(`create or replace function omni2.refuse_row() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`)
  await database.query(`create trigger full_disk before insert or update on ${table}
    for each row execute function omni2.refuse_row()`)
  return async () => void (await database.query(`drop trigger full_disk on ${table}`))
}
