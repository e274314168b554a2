import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '@omni2/testkit'
import { compareSync } from 'bcryptjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { finishProcess, root } from './finish-process.ts'

let database: TestDatabase

beforeEach(async () => {
  database = await openTestDatabase()
})
afterEach(() => database[Symbol.asyncDispose]())

/** As the job of compose runs it. */
const script = join(root, 'packages/cli/src/bootstrap/main.ts')
const bootstrap = (args: readonly string[], env: Record<string, string> = {}) =>
  finishProcess(process.execPath, [script, ...args], { DATABASE_URL: database.url, ...env })

const OMNI2_PASSWORD = 'correct horse battery'

interface AccountRow {
  id: number
  username: string
  email: string | null
  role: string
  active: boolean
  password_hash: string
}

const readAccounts = () =>
  database.query<AccountRow>(
    `select "user".id, username, email, role.name as role, active, password_hash
     from auth_service.users "user" left join auth_service.roles role on role.id = role_id order by "user".id`,
  )

test('an empty database gets roles and an administrator, whose password is made and shown once', async () => {
  const { code, stdout, stderr } = await bootstrap(['ada', '--email', 'ada@example.org'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [, password = ''] =
    /^made the roles admin, operator, user\nada is an administrator \(user 1, role admin\)\npassword: (\S{20}) {3}\(shown only now\)\n$/.exec(
      stdout,
    ) ?? []
  const [account, ...others] = await readAccounts()
  expect(others).toEqual([])
  expect(account).toMatchObject({ username: 'ada', email: 'ada@example.org', role: 'admin', active: true })
  expect(compareSync(password, account?.password_hash ?? '')).toBe(true)
  expect(
    await database.query(
      'select name, mcp_access, rate_limit, cost_limit_daily::float8 as cost from auth_service.roles order by id',
    ),
  ).toEqual([
    { name: 'admin', mcp_access: ['*'], rate_limit: 100, cost: 25 },
    { name: 'operator', mcp_access: [], rate_limit: 60, cost: 10 },
    { name: 'user', mcp_access: [], rate_limit: 60, cost: 10 },
  ])
  const changes = await database.query('select * from omni2.admin_changes order by id')
  expect(changes).toMatchObject([
    { action: 'role.create', target_id: 'admin', user_id: 1, role: 'bootstrap', request_id: 'bootstrap' },
    { action: 'role.create', target_id: 'operator' },
    { action: 'role.create', target_id: 'user' },
    { action: 'user.create', target_id: '1', before: null, after: { username: 'ada', role: 'admin' } },
  ])
  expect(JSON.stringify(changes)).not.toContain(account?.password_hash)

  const again = await bootstrap(['bob'])
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(/this database has an administrator: ada \(user 1\).* create-user .*--force/)
  expect(await readAccounts()).toHaveLength(1)
})

test('a password of the environment is taken and not shown; a bad one changes nothing', async () => {
  const short = await bootstrap(['ada'], { OMNI2_PASSWORD: 'short' })
  expect(short).toEqual({
    code: 1,
    stdout: '',
    stderr: 'bootstrap: OMNI2_PASSWORD: must have 12 characters or more\n',
  })
  expect(await database.query('select from auth_service.roles')).toEqual([])
  const { code, stdout } = await bootstrap(['ada', '--json'], { OMNI2_PASSWORD })
  expect({ code, made: JSON.parse(stdout) }).toEqual({
    code: 0,
    made: { id: 1, username: 'ada', role: 'admin', roles_made: ['admin', 'operator', 'user'], is_new: true },
  })
  expect(compareSync(OMNI2_PASSWORD, (await readAccounts())[0]?.password_hash ?? '')).toBe(true)
})

test('a database that has roles keeps them; ADMIN_ROLES says which one administers', async () => {
  await database.query(`insert into auth_service.roles (name, rate_limit) values ('boss', 7), ('viewer', 3)`)
  const { stdout } = await bootstrap(['ada', '--json'], { OMNI2_PASSWORD, ADMIN_ROLES: 'chief,boss' })
  expect(JSON.parse(stdout)).toMatchObject({ role: 'boss', roles_made: [] })
  expect(await database.query('select name, rate_limit from auth_service.roles order by id')).toEqual([
    { name: 'boss', rate_limit: 7 },
    { name: 'viewer', rate_limit: 3 },
  ])
})

test('an account that is there becomes the administrator with --force only, and its logins end', async () => {
  await database.query(`
    insert into auth_service.users (id, username, name, email, active) values (5, 'ada', 'Ada', 'a@b.org', false);
    insert into auth_service.sessions (sid, user_id, expires_at) values (gen_random_uuid(), 5, now() + interval '1h')`)
  const refused = await bootstrap(['ada'], { OMNI2_PASSWORD })
  expect(refused.stderr).toMatch(/there is a user ada \(user 5\) .* with --force this account becomes one/)
  for (const args of [['ADA'], ['bob', '--email', 'A@b.org']])
    expect((await bootstrap([...args, '--force'])).stderr).toMatch(
      /user 5 has this name or e-mail address: ada, a@b.org\n$/,
    )

  expect(await bootstrap(['ada', '--force'], { OMNI2_PASSWORD })).toMatchObject({
    code: 0,
    stdout:
      'made the roles admin, operator, user\nada is an administrator with a new password (user 5, role admin)\n',
  })
  const [account] = await readAccounts()
  expect(account).toMatchObject({ id: 5, role: 'admin', active: true })
  expect(compareSync(OMNI2_PASSWORD, account?.password_hash ?? '')).toBe(true)
  expect(await database.query('select from auth_service.sessions where revoked_at is null')).toEqual([])
})

test('npm run admin does the same; ids that were given by hand are passed over', async () => {
  await database.query(
    `insert into auth_service.users (id, username, name) values (1, 'x', 'X'), (2, 'y', 'Y')`,
  )
  const env = { DATABASE_URL: database.url, OMNI2_PASSWORD }
  const { stdout } = await finishProcess('npm', ['-s', 'run', 'admin', '--', 'bootstrap', 'ada'], env)
  expect(stdout).toContain('ada is an administrator (user 3, role admin)\n')
})

test('a database that is not migrated, or cannot be reached, is named with what to do', async () => {
  await database.query('drop schema omni2 cascade; drop schema auth_service cascade')
  expect(await bootstrap(['ada'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'bootstrap: the database is not migrated; run first: npm run migrate -- up\n',
  })
  expect((await bootstrap(['ada'], { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' })).stderr).toBe(
    'bootstrap: no database server answers at 127.0.0.1:1\n',
  )
  expect((await bootstrap(['ada'], { DATABASE_URL: '' })).stderr).toMatch(
    /: DATABASE_URL: is needed, such as/,
  )
})
