import { randomBytes } from 'node:crypto'
import { migrateUp } from '@omni2/migrations'
import { openTestDatabase } from '@omni2/testkit'
import { Client } from 'pg'
import { expect, test } from 'vitest'

/** A role of one's own: roles belong to the whole server. */
const role = `service_${randomBytes(6).toString('hex')}`

function urlFor(databaseUrl: string, password: string): string {
  const url = new URL(databaseUrl)
  url.username = role
  url.password = password
  return url.href
}

async function connectAs(url: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  return { client, [Symbol.asyncDispose]: () => client.end() }
}

test('services - through the role that migrations make - work with rows and with nothing else', async () => {
  await using database = await openTestDatabase()
  const url = urlFor(database.url, "pass'word")
  await using _role = { [Symbol.asyncDispose]: async () => void (await dropRole()) }
  const dropRole = () =>
    database.query(`drop owned by ${role}`).then(() => database.query(`drop role ${role}`))

  expect(await migrateUp(database.url, url)).toEqual({ migrated: [], restored: [], serviceRole: 'granted' })
  const facts = await database.query(
    `select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
       (select count(*)::int from pg_shdepend where refobjid = pg_roles.oid and deptype = 'o') as owned
     from pg_roles where rolname = $1`,
    [role],
  )
  expect(facts).toEqual([
    { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false, owned: 0 },
  ])

  await using service = await connectAs(url)
  const { client } = service
  await client.query("insert into auth_service.users (username, name) values ('ada', 'Ada')")
  await client.query("update auth_service.users set name = 'A.' where username = 'ada'")
  expect((await client.query('delete from auth_service.users returning username')).rowCount).toBe(1)
  for (const beyond of [
    'create table omni2.mine ()',
    'create schema mine',
    'drop table omni2.turns',
    'truncate omni2.audit_logs',
    'alter table omni2.turns disable trigger all',
    'create role mine superuser',
    'delete from omni2.kysely_migration',
    "copy (select 1) to program 'true'",
    "select pg_read_file('/etc/passwd')",
  ])
    await expect(client.query(beyond)).rejects.toMatchObject({ code: '42501' })

  await migrateUp(database.url, urlFor(database.url, 'another'))
  await expect(connectAs(url)).rejects.toMatchObject({ code: '28P01' })
  await using _again = await connectAs(urlFor(database.url, 'another'))
})

test('services - through the role that migrates - are reported', async () => {
  await using database = await openTestDatabase()
  expect(await migrateUp(database.url, database.url)).toMatchObject({ serviceRole: 'shared' })
})
