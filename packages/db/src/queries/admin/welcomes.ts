import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** A welcome text and whom it is for. */
export interface WelcomeText {
  readonly scope: 'default' | 'role' | 'user'
  /** The role's name or the user's id; null for the default. */
  readonly target: string | null
  readonly welcome_message: string
  readonly show_usage_info: boolean
}

/** Whom a welcome is for, as its row says it. */
export interface WelcomeTarget {
  readonly scope: WelcomeText['scope']
  /** User id, role id, null. */
  readonly targetId: number | null
}

const selectWelcomes = sql`
  select config.id, config_type as scope, coalesce(role.name, target_id::text) as target,
    welcome_message, coalesce(show_usage_info, true) as show_usage_info
  from omni2.chat_welcome_config config
  left join auth_service.roles role on config_type = 'role' and role.id = target_id`

/** Welcome texts by their row's id. */
export async function listWelcomes(
  { after = 0, limit }: { after: number | undefined; limit: number },
  { db }: Pick<Database, 'db'>,
): Promise<(WelcomeText & { readonly id: number })[]> {
  const { rows } = await sql<WelcomeText & { id: number }>`
    ${selectWelcomes} where config.id > ${after} and config_type in ('default', 'role', 'user')
    order by config.id limit ${limit}
  `.execute(db)
  return rows
}

/** The text of one target; undefined when it has none. */
export async function loadWelcomeText(
  { scope, targetId }: WelcomeTarget,
  { db }: Pick<Database, 'db'>,
): Promise<WelcomeText | undefined> {
  const { rows } = await sql<WelcomeText & { id: number }>`
    ${selectWelcomes} where config_type = ${scope} and target_id is not distinct from ${targetId}::integer
  `.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  const { id: _id, ...welcome } = row
  return welcome
}

/** Writes the text of one target. */
export async function saveWelcomeText(
  { scope, targetId }: WelcomeTarget,
  { welcome_message, show_usage_info }: Pick<WelcomeText, 'welcome_message' | 'show_usage_info'>,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update omni2.chat_welcome_config set
      welcome_message = ${welcome_message}, show_usage_info = ${show_usage_info}, updated_at = now()
    where config_type = ${scope} and target_id is not distinct from ${targetId}::integer
  `.execute(db)
  if (numAffectedRows !== 0n) return
  await sql`
    insert into omni2.chat_welcome_config (config_type, target_id, welcome_message, show_usage_info)
    values (${scope}, ${targetId}, ${welcome_message}, ${show_usage_info})
  `.execute(db)
}

/** Leaves a role or a user to the text of the next wider scope. */
export async function deleteWelcomeText(
  { scope, targetId }: WelcomeTarget,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    delete from omni2.chat_welcome_config where config_type = ${scope} and target_id = ${targetId}
  `.execute(db)
}
