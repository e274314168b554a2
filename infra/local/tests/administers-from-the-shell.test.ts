import { afterAll, beforeAll, expect, test } from 'vitest'
import { logIn } from './chat-with-stack.ts'
import { openConversation } from './open-conversation.ts'
import { finishCommand, makeTestFolder } from './run-command.ts'
import { startStack, type Line } from './started-stack.ts'

const held = new AsyncDisposableStack()
let dataFolder = ''
let line: Line

beforeAll(async () => {
  const folder = held.use(await makeTestFolder())
  dataFolder = folder.path
  const stack = held.use(await startStack(dataFolder, ['--edges', '1', '--workers', '1', '--recorders', '1']))
  line = stack.line
}, 120_000)

afterAll(() => held.disposeAsync())

const run = (script: 'admin' | 'dlq', ...args: string[]) =>
  finishCommand([script, ...args, '--data', dataFolder])

const logInWith = (username: string, password: string) =>
  logIn({ ...line, users: [{ id: 0, role: '', username, password }] }, username)

test('block closes the open socket of a user with its message; unblock lets in again', async () => {
  const { token } = await logIn(line, 'viewer')
  using open = await openConversation(line, token)
  expect(open.welcome.type).toBe('welcome')

  const blocked = await run('admin', 'block', 'viewer', '--reason', 'spam', '--message', 'Please call us.')
  expect(blocked).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^viewer is blocked \(change \d+\)\n$/),
    stderr: '',
  })
  await open.seen('blocked')
  expect(await open.closed).toEqual({ code: 1008, reason: 'Access blocked: Please call us.' })

  expect((await run('admin', 'unblock', 'viewer')).code).toBe(0)
  using again = await openConversation(line, token)
  expect((await again.say('Hello')).end.type).toBe('done')

  const { stdout } = await run('admin', 'changes')
  expect(stdout).toMatch(
    /^id +at +by +action +of +after\n2 .* user\.unblock +user 3 .*\n1 .* user\.block +user 3 .*\n$/,
  )
})

test('cancel stops a turn that runs, as an operator', async () => {
  const { token } = await logIn(line, 'developer')
  using talk = await openConversation(line, token)
  const answer = talk.say('Long [[sim tokens=4000 pace=20]]')
  await talk.seen('token')
  const turns: { items: { session_id: string; username: string }[] } = JSON.parse(
    (await run('admin', 'turns', '--json')).stdout,
  )
  expect(turns.items).toMatchObject([{ username: 'developer' }])
  expect((await run('admin', 'cancel', turns.items[0]?.session_id ?? '')).code).toBe(0)
  expect((await answer).end.type).toBe('cancelled')
})

test('people read lines, and a refusal is one of them', async () => {
  expect((await run('dlq', 'list')).stdout).toBe('seq  parked  subject  deliveries  bytes  reason\n')
  const refused = await run('admin', 'users', '--user', 'viewer')
  expect(refused).toEqual({ code: 1, stdout: '', stderr: 'npm run admin: Your role may not do this.\n' })
  const asked = await run('admin', 'mcp', 'test', 'no-such-server')
  expect(asked).toEqual({
    code: 1,
    stdout: '',
    stderr: 'npm run admin: There is no MCP server no-such-server.\n',
  })
})

test('a role is added, changed with what stays, and deleted', async () => {
  const limits = ['--rate-limit', '60', '--cost-limit-daily', '5']
  expect((await run('admin', 'roles', 'set', 'helper', '--description', 'x')).stderr).toMatch(
    /there is no role helper yet; to add it, give --rate-limit and --cost-limit-daily/,
  )
  const added = await run('admin', 'roles', 'set', 'helper', ...limits, '--mcp-access', 'demo, files')
  expect(added.stdout).toMatch(/^the role helper is added \(change \d+\)\n/)
  const changed = await run('admin', 'roles', 'set', 'helper', '--rate-limit', 'none')
  expect(changed.stdout).toMatch(/^the role helper is changed \(change \d+\)\n {2}rate_limit +60 → none\n$/)
  expect((await run('admin', 'roles')).stdout).toMatch(/^helper +0 +- +5 +\["demo","files"\] +\{\}$/m)
  expect((await run('admin', 'roles', 'delete', 'helper')).stdout).toMatch(/^the role helper is deleted/)
  expect((await run('admin', 'roles', 'delete', 'viewer')).stderr).toMatch(/1 users have this role/)
})

test('the system, the tools of a role, a call of a tool, and who is near a limit are shown', async () => {
  const system = (await run('admin', 'system')).stdout
  for (const name of ['ws-edge', 'chat-worker', 'flow-recorder', 'console'])
    expect(system).toMatch(new RegExp(`^${name} +${name}-1 +0\\.1\\.0 +ready `, 'm'))
  expect(system).toMatch(/^turns +0 +0 +-$/m)
  expect(system).toMatch(/^dead letters: 0$/m)
  const tools = (await run('admin', 'roles', 'tools', 'viewer')).stdout
  expect(tools).toMatch(/^server +tool +offered +rule$/m)
  expect(tools).toMatch(/^demo +echo +(yes|no) +\S+/m)
  const called = await run('admin', 'mcp', 'call', 'demo', 'echo', '--arguments', '{"message":"Hello there"}')
  expect(called.stdout).toMatch(/^ok after \d+ ms, by the rule \S+\n[^]*Hello there/)
  expect((await run('admin', 'mcp', 'call', 'demo', 'echo', '--arguments', '{')).stderr).toMatch(
    /must be JSON/,
  )
  expect((await run('admin', 'limits', 'near')).stdout).toMatch(
    /^username +kind +period_days +used +limit +share\n/,
  )
})

test('a user is made, gets another password, and is deleted; their connections close', async () => {
  const made = await run('admin', 'create-user', 'zoe', '--role', 'viewer')
  const [, password = ''] =
    /^zoe is user \d+, with the role viewer \(change \d+\)\npassword: (\S+) {3}\(shown only now\)\n$/.exec(
      made.stdout,
    ) ?? []
  const rate = async () =>
    JSON.parse((await run('admin', 'user', 'zoe', '--json')).stdout).account.rate_limit_override
  expect((await run('admin', 'rate', 'zoe', '7')).stdout).toMatch(
    /^zoe has as requests a minute: 7 \(change \d+\)\n$/,
  )
  expect(await rate()).toBe(7)
  expect((await run('admin', 'rate', 'zoe', 'none')).code).toBe(0)
  expect(await rate()).toBeNull()
  const { token } = await logInWith('zoe', password)
  using open = await openConversation(line, token)
  expect((await open.say('Hello')).end.type).toBe('done')

  const next = 'correct horse battery'
  const set = await finishCommand(['admin', 'set-password', 'zoe', '--data', dataFolder], {
    env: { OMNI2_NEW_PASSWORD: next },
  })
  expect(set.stdout).toMatch(/^zoe has another password and is logged out everywhere \(change \d+\)\n$/)
  await open.closed
  expect((await logInWith('zoe', password)).status).toBe(401)
  const again = await logInWith('zoe', next)
  using reopened = await openConversation(line, again.token)

  const invited = await run('admin', 'invite', 'zoe', '--hours', '5')
  const [, link = ''] =
    /^zoe is invited until \S+ \(change \d+\)\n(http:\S+#omni2_it_\S+) {3}\(shown only now\)\n$/.exec(
      invited.stdout,
    ) ?? []
  expect(new URL(link).origin).toBe(line.url)
  expect((await fetch(link)).status).toBe(200)
  expect((await run('admin', 'uninvite', 'zoe')).stdout).toMatch(/^zoe has no invitation \(change \d+\)\n$/)

  expect((await run('admin', 'delete-user', 'zoe')).stdout).toMatch(
    /^zoe is deleted and logged out everywhere \(change \d+\)\n$/,
  )
  await reopened.closed
  expect((await logInWith('zoe', next)).status).toBe(401)
  expect((await run('admin', 'delete-user', 'admin')).stderr).toMatch(/You cannot take your own access away/)
})
