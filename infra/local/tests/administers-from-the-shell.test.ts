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
