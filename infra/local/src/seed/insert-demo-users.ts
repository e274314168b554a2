import { hash } from 'bcryptjs'
import type { Client } from 'pg'
import { demoUsers, type DemoUsername } from './demo-users.ts'

type Db = Pick<Client, 'query'>
type DemoUser = (typeof demoUsers)[number]

export interface SeedOptions {
  readonly passwords: Record<DemoUsername, string>
  /** Give demo rows that are there their demo values again; without it they stay as they are. */
  readonly reset: boolean
}

const bcryptCost = 10

const insertUser = `
  insert into auth_service.users (id, username, name, email, role_id, password_hash, active)
  values ($1, $2, $3, $4, (select id from auth_service.roles where name = $5), $6, $7)
  on conflict (id) do`

const overwriteUser = `update set
    name = excluded.name, email = excluded.email, role_id = excluded.role_id,
    password_hash = excluded.password_hash, active = excluded.active, rate_limit_override = null`

const insertBlock = `
  insert into omni2.user_blocks
    (user_id, is_blocked, block_reason, custom_block_message, blocked_by, blocked_services)
  values ($1, true, $2, $3, 1, '{chat,mcp}')
  on conflict (user_id) do`

const overwriteBlock = `update set
    is_blocked = true, block_reason = excluded.block_reason,
    custom_block_message = excluded.custom_block_message, blocked_services = excluded.blocked_services`

/** Users that register later get ids after the demo users'. */
const advanceIds = `
  select setval(pg_get_serial_sequence('auth_service.users', 'id'), max(id)) from auth_service.users`

/** Inserts the demo users and the block of one of them; rows that are there change only with `reset`. */
export async function insertDemoUsers(db: Db, options: SeedOptions): Promise<void> {
  const there = await db.query<{ id: number }>('select id from auth_service.users where id = any($1)', [
    demoUsers.map((user) => user.id),
  ])
  const ids = new Set(there.rows.map((row) => row.id))
  for (const user of demoUsers)
    if (options.reset || !ids.has(user.id)) await insertDemoUser(db, user, options)
  await db.query(advanceIds)
}

async function insertDemoUser(db: Db, user: DemoUser, { passwords, reset }: SeedOptions): Promise<void> {
  const passwordHash = await hash(passwords[user.username], bcryptCost)
  const email = `${user.username}@demo.invalid`
  const values = [user.id, user.username, user.name, email, user.role, passwordHash, user.active]
  await db.query(`${insertUser} ${reset ? overwriteUser : 'nothing'}`, values)
  if (user.block === undefined) return
  const block = [user.id, user.block.reason, user.block.message]
  await db.query(`${insertBlock} ${reset ? overwriteBlock : 'nothing'}`, block)
}
