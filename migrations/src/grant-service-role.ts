import { type Kysely, sql } from 'kysely'
import { parseDatabaseUrl } from './database-url.ts'

/** What happened to the services' role; `shared`: it is the one that migrates, and so owns everything. */
export type ServiceRole = 'granted' | 'shared'

/** Schemas whose tables services work with. */
const schemas = ['omni2', 'auth_service']

/**
 * Lets the role of `serviceUrl` read and write every table and own none: a service that is taken over can change rows, and
 * no table, function or role. Makes the role, or sets its password, where the migrating role may do that.
 */
export async function grantServiceRole(db: Kysely<unknown>, serviceUrl: string): Promise<ServiceRole> {
  const { username, password } = parseDatabaseUrl(serviceUrl)
  const role = decodeURIComponent(username)
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<RoleFacts>`
      select current_user = ${role} as is_own, current_database() as database,
        exists (select from pg_roles where rolname = ${role}) as is_there,
        (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as may_make
    `.execute(transaction)
    const [facts] = rows
    if (facts === undefined || facts.is_own) return 'shared'
    await makeRole(transaction, { role, password: decodeURIComponent(password) }, facts)
    await grant(transaction, role, facts.database)
    return 'granted'
  })
}

interface RoleFacts {
  is_own: boolean
  database: string
  is_there: boolean
  may_make: boolean
}

/** A role that is there and cannot be changed is used as it is: where roles are managed elsewhere, so are passwords. */
async function makeRole(
  db: Kysely<unknown>,
  { role, password }: { role: string; password: string },
  { is_there, may_make }: RoleFacts,
): Promise<void> {
  if (is_there && !may_make) return
  const verb = sql.raw(is_there ? 'alter' : 'create')
  await sql`${verb} role ${sql.id(role)} login password ${sql.lit(password)}
    nosuperuser nocreatedb nocreaterole noreplication nobypassrls`.execute(db)
}

async function grant(db: Kysely<unknown>, role: string, database: string): Promise<void> {
  const to = sql.id(role)
  await sql`grant connect on database ${sql.id(database)} to ${to}`.execute(db)
  for (const schema of schemas) {
    const within = sql.id(schema)
    const rows = sql.raw('select, insert, update, delete on')
    await sql`grant usage on schema ${within} to ${to}`.execute(db)
    await sql`grant ${rows} all tables in schema ${within} to ${to}`.execute(db)
    await sql`grant usage, select on all sequences in schema ${within} to ${to}`.execute(db)
    // For tables of a migration that is run later without the services' address.
    await sql`alter default privileges in schema ${within} grant ${rows} tables to ${to}`.execute(db)
    await sql`alter default privileges in schema ${within} grant usage, select on sequences to ${to}`.execute(
      db,
    )
  }
  const record = sql.raw('omni2.kysely_migration, omni2.kysely_migration_lock')
  await sql`revoke insert, update, delete on ${record} from ${to}`.execute(db)
}
