import { migrationStatus } from '@omni2/migrations'
import { Client } from 'pg'
import { nameLogin } from './name-login.ts'

/** Oldest Postgres whose SQL the statements of the services are: `date_bin` came with it. */
const oldestVersion = 14

/** Longest wait for the connection and for each answer, in milliseconds. */
const answerDeadlineMs = 3000

/** Finds what in a Postgres differs from what migrations and services need, one line each; changes nothing. */
export async function findPostgresProblems(url: string, serviceUrl = url): Promise<string[]> {
  const { place, user, database } = nameLogin(url, 5432)
  try {
    const facts = await readFacts(url)
    const found = [...judgeServer(facts), ...(await findRightProblems(url, facts))]
    if (facts.version >= oldestVersion) found.push(...(await findRoleProblems(serviceUrl, facts)))
    return found.map((problem) => `Postgres at ${place}, database ${facts.database}, ${problem}`)
  } catch (error) {
    return [describeFailure(error, { place, user, database, variable: 'DATABASE_URL' })]
  }
}

interface Facts {
  readonly user: string
  readonly database: string
  readonly version: number
  readonly release: string
  readonly encoding: string
  readonly is_read_only: boolean
  readonly may_create_schemas: boolean
  readonly may_make_roles: boolean
  /** Tables of other owners: the migrations cannot change them. */
  readonly foreign_tables: readonly string[]
}

async function readFacts(url: string): Promise<Facts> {
  const { rows } = await ask<Facts>(
    url,
    `select current_user as user, current_database() as database,
       current_setting('server_version_num')::int / 10000 as version,
       current_setting('server_version') as release,
       current_setting('server_encoding') as encoding,
       pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as is_read_only,
       has_database_privilege(current_database(), 'create') as may_create_schemas,
       (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as may_make_roles,
       array(
         select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname in ('omni2', 'auth_service') and not pg_has_role(tableowner, 'usage')
         order by 1
       )::text[] as foreign_tables`,
  )
  const [facts] = rows
  if (facts === undefined) throw new Error('Postgres answers no row')
  return facts
}

/** What no right or setting corrects: the server itself, and the database as it was made. */
export function judgeServer({
  version,
  release,
  encoding,
  is_read_only,
}: Pick<Facts, 'version' | 'release' | 'encoding' | 'is_read_only'>): string[] {
  const problems: string[] = []
  if (version < oldestVersion) problems.push(`is Postgres ${release}; ${oldestVersion} or newer is needed`)
  if (encoding !== 'UTF8')
    problems.push(
      `has the encoding ${encoding}; make one with: create database … encoding 'UTF8' template template0`,
    )
  if (is_read_only) problems.push('is read-only, a standby or fenced off; name the primary in DATABASE_URL')
  return problems
}

/** Rights count only while there is something to migrate. */
async function findRightProblems(url: string, facts: Facts): Promise<string[]> {
  if (facts.is_read_only || facts.version < oldestVersion) return []
  const migrations = await migrationStatus(url)
  const newer = migrations.filter(({ state }) => state === 'unknown').map(({ name }) => name)
  if (newer.length > 0) return [`was migrated by a newer release (${newer.join(', ')}); start that one`]
  if (migrations.every(({ state }) => state === 'applied')) return []
  const { user, database, may_create_schemas, foreign_tables } = facts
  const problems: string[] = []
  if (!may_create_schemas)
    problems.push(
      `does not let ${user} create schemas, which the migrations do; run: grant create on database "${database}" to "${user}"`,
    )
  if (foreign_tables.length > 0)
    problems.push(
      `has tables that ${user} does not own and the migrations change (${foreign_tables.slice(0, 3).join(', ')}${foreign_tables.length > 3 ? ', …' : ''}); name their owner in DATABASE_URL`,
    )
  return problems
}

/** The migrations create the services' role where they may; else it has to exist and accept the login. */
async function findRoleProblems(serviceUrl: string, { user, may_make_roles }: Facts): Promise<string[]> {
  const service = nameLogin(serviceUrl, 5432)
  if (may_make_roles || service.user === undefined || service.user === user) return []
  try {
    await ask(serviceUrl, 'select 1')
    return []
  } catch (error) {
    return [
      `does not let ${user} make roles, and the services' role cannot log in (${messageOf(error)}); make it: create role "${service.user}" login password '…'`,
    ]
  }
}

async function ask<R extends object>(url: string, statement: string) {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: answerDeadlineMs,
    query_timeout: answerDeadlineMs,
    application_name: 'omni2-check',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await client.query<R>(statement)
  } finally {
    // A server that hangs may never confirm the close.
    void client.end().catch(() => {})
  }
}

interface Login {
  readonly place: string
  readonly user: string | undefined
  readonly database: string
  readonly variable: string
}

function describeFailure(error: unknown, { place, user, database, variable }: Login): string {
  switch (codeOf(error)) {
    case '28000':
    case '28P01':
      return `Postgres at ${place} refuses ${user === undefined ? 'a login without a user' : `user ${user}`} (${messageOf(error)}); correct user and password in ${variable}`
    case '3D000':
      return `Postgres at ${place} has no database ${database}; make it: create database "${database}" encoding 'UTF8' template template0`
    case '42501':
      return `Postgres at ${place} does not let ${user} look into database ${database} (${messageOf(error)}); name the owner of its tables in ${variable}`
    default:
      return `no Postgres answers at ${place} (${messageOf(error)}); start it, or correct ${variable}`
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** Node's AggregateError of a refused connection has a code and no message. */
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message || String(codeOf(error)) : String(error)
