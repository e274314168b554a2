import { afterEach, beforeEach, expect, test } from 'vitest'
import { openToolWorld, sid, type ToolWorld } from './tool-world.ts'

let world: ToolWorld

beforeEach(async () => {
  world = await openToolWorld()
})
afterEach(() => world[Symbol.asyncDispose]())

/** A change by an operator during a turn, and the rule that then refuses the tool. */
const changes = [
  ['the role loses the server', `update auth_service.roles set mcp_access = '{}'`, 'mcp_access'],
  [
    'the role loses the tool',
    `update auth_service.roles set tool_restrictions = '{"notes": {"mode": "deny", "tools": ["write_*"]}}'`,
    'deny:write_*',
  ],
  [
    'the restrictions become unreadable',
    `update auth_service.roles set tool_restrictions = '{"notes": {"mode": "maybe"}}'`,
    'unreadable',
  ],
  ['the account is deactivated', `update auth_service.users set active = false`, 'account_inactive'],
  ['the account is gone', `delete from auth_service.users`, 'account_inactive'],
  ['the user loses the role', `update auth_service.users set role_id = null`, 'mcp_access'],
  ['the user is blocked', `insert into omni2.user_blocks (user_id, is_blocked) values (2, true)`, 'blocked'],
  [
    'the user is blocked for tools alone',
    `insert into omni2.user_blocks (user_id, is_blocked, blocked_services) values (2, true, '{mcp}')`,
    'blocked',
  ],
  [
    'the login is revoked',
    `update auth_service.sessions set revoked_at = now() where sid = '${sid}'`,
    'login_revoked',
  ],
  ['the server is switched off', `update omni2.mcp_servers set status = 'inactive'`, 'server_inactive'],
] as const

test.each(changes)(
  'checks again - %s between two calls - refused, never sent',
  async (_name, change, rule) => {
    const offered = (await world.toolbox.list(['notes'], AbortSignal.timeout(60_000))).tools
    const call = () =>
      world.toolbox.call(
        { callId: 'c', name: 'notes__write_note', input: { text: 'x' } },
        { identity: { user_id: 2, sid }, offered },
        AbortSignal.timeout(60_000),
      )
    expect(await call()).toMatchObject({ status: 'ok', rule: 'all' })
    await world.database.query(change)
    expect(await call()).toMatchObject({ status: 'refused', rule, server: 'notes', tool: 'write_note' })
    expect(world.notes.calls('write_note')).toHaveLength(1)
  },
)

test('checks again - a login that expires - its running turn goes on', async () => {
  await world.database.query(`update auth_service.sessions set expires_at = now() - interval '1 minute'`)
  expect(await world.call('read_note')).toMatchObject({ status: 'ok' })
})

test('checks again - the right is lost during a reconnect to the server - refused, never sent', async () => {
  await world.names()
  const losesRight = () => world.database.query(`update auth_service.roles set mcp_access = '{}'`)
  // The server forgets the session. The handshake of the next one lasts until the right is lost, then it succeeds.
  world.notes.intercept = (_call, forgotten) => {
    world.notes.intercept = (_greeting, response) => {
      world.notes.intercept = undefined
      void losesRight().then(() => response.writeHead(404).end())
    }
    forgotten.writeHead(404).end()
  }
  expect(await world.call('write_note', { text: 'x' })).toMatchObject({
    status: 'refused',
    rule: 'mcp_access',
  })
  expect(world.notes.received.filter(({ method }) => method === 'initialize')).toHaveLength(2)
  expect(world.notes.calls('write_note')).toEqual([])
})
