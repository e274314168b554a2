import { openDatabase } from './open-database.ts'
import type { Stack } from '@omni2/testkit/open-stack'

export interface StormUser {
  readonly id: number
  readonly token: string
}

/** Makes users like `developer`, without limits that a storm would reach, and logs them in. */
export async function makeUsers(count: number, { line }: Pick<Stack, 'line'>): Promise<StormUser[]> {
  await using database = await openDatabase(line.databaseUrl)
  await database.query(
    `insert into omni2.omni2_config (config_key, config_value, description, is_active)
     values ('limits.default', '{"concurrent_turns": 100000}', 'Storm', true)
     on conflict (config_key) do update set config_value = excluded.config_value`,
  )
  await database.query('update auth_service.roles set cost_limit_daily = null, rate_limit = null')
  const { rows } = await database.query<{ id: number; username: string }>(
    `insert into auth_service.users (username, name, email, role_id, password_hash, active, rate_limit_override)
     select 'storm' || n, 'Storm', 'storm' || n || '@storm.invalid', role_id, password_hash, true, 1000000
     from auth_service.users, generate_series(1, $1::int) n where username = 'developer' returning id, username`,
    [count],
  )
  const password = line.users.find(({ username }) => username === 'developer')?.password ?? ''
  const users: StormUser[] = []
  for (const { id, username } of rows) users.push({ id, token: await logIn(line.url, username, password) })
  return users
}

async function logIn(url: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  if (!response.ok)
    throw new Error(`the storm's users cannot log in: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { access_token: string }).access_token
}
