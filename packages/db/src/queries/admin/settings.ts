import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** An active value of `omni2.omni2_config`, unparsed; undefined when it is not set. */
export async function loadSetting(key: string, { db }: Pick<Database, 'db'>): Promise<unknown> {
  const { rows } = await sql<{ value: unknown }>`
    select config_value as value from omni2.omni2_config where config_key = ${key} and is_active
  `.execute(db)
  return rows[0]?.value
}

/** Active values whose key begins with a prefix, by key. */
export async function listSettings(
  prefix: string,
  { db }: Pick<Database, 'db'>,
): Promise<{ key: string; value: unknown }[]> {
  const { rows } = await sql<{ key: string; value: unknown }>`
    select config_key as key, config_value as value from omni2.omni2_config
    where starts_with(config_key, ${prefix}) and is_active order by config_key limit 1000
  `.execute(db)
  return rows
}

/** Sets a value, active. */
export async function saveSetting(key: string, value: unknown, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`
    insert into omni2.omni2_config (config_key, config_value) values (${key}, ${JSON.stringify(value)}::jsonb)
    on conflict (config_key) do update set
      config_value = excluded.config_value, is_active = true, updated_at = now()
  `.execute(db)
}

/** Takes a value away. */
export async function deleteSetting(key: string, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`delete from omni2.omni2_config where config_key = ${key}`.execute(db)
}
