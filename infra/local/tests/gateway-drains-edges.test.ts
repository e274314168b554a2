import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProcessStartTime } from '@omni2/local-servers'
import { logIn } from './chat-with-stack.ts'
import { openConversation } from './open-conversation.ts'
import { requestUpgrade } from './request-upgrade.ts'
import { makeTestFolder } from './run-command.ts'
import { startStack, type StartedStack } from './started-stack.ts'

const stack = new AsyncDisposableStack()
let line: StartedStack['line']
let headers: { authorization: string }
let token: string

beforeAll(async () => {
  const folder = stack.use(await makeTestFolder())
  const args = ['--edges', '2', '--workers', '1', '--recorders', '1']
  // Deadlines that no busy machine reaches: what runs ends by itself.
  const deadlines = { EDGE_DRAIN_DEADLINE_MS: '60000', SHUTDOWN_DEADLINE_MS: '70000' }
  ;({ line } = stack.use(await startStack(folder.path, args, deadlines)))
  ;({ token } = await logIn(line, 'developer'))
  headers = { authorization: `Bearer ${token}` }
}, 180_000)
afterAll(() => stack.disposeAsync())

test('an edge stops under a steady flow of sockets and questions: none is refused, every turn ends', async () => {
  const edge = line.processes.find(({ name }) => name === 'ws-edge-1')
  const conversations = await Promise.all([openConversation(line, token), openConversation(line, token)])
  expect(new Set(conversations.map(({ welcome }) => welcome['edge'])).size).toBe(2)
  const running = conversations.map((conversation) =>
    conversation.say('Go on while it stops [[sim tokens=40 pace=50]]'),
  )
  await Promise.all(conversations.map((conversation) => conversation.seen('accepted')))

  const fates: string[] = []
  const over = new AbortController()
  const flow = async (take: () => Promise<string>) => {
    while (!over.signal.aborted) fates.push(await take())
  }
  const flows = [connect, connect, connect, ask, ask].map(flow)
  await grow(fates, 20)
  process.kill(edge?.pid ?? 0, 'SIGTERM')
  await expect.poll(() => readProcessStartTime(edge?.pid ?? 0), { timeout: 60_000 }).toBeUndefined()
  await grow(fates, 20)
  over.abort()
  await Promise.all(flows)
  expect([...new Set(fates)].toSorted()).toEqual(['101', '200 done'])
  expect((await Promise.all(running)).map(({ end }) => end.type)).toEqual(['done', 'done'])
}, 120_000)

const grow = (fates: readonly string[], by: number): Promise<void> => {
  const enough = fates.length + by
  return expect.poll(() => fates.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(enough)
}

async function connect(): Promise<string> {
  const { status, socket, body } = await requestUpgrade(`${line.url}/ws/chat`, headers)
  socket?.on('error', () => {}).destroy()
  return `${status}${body}`
}

async function ask(): Promise<string> {
  const message = 'A short one [[sim tokens=5 pace=10]]'
  const body = JSON.stringify({ message })
  const response = await fetch(`${line.url}/ask/stream`, { method: 'POST', body, headers })
  const text = await response.text()
  return `${response.status} ${text.includes('event: done\n') ? 'done' : text}`
}
