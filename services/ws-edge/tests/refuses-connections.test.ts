import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenReply } from '@omni2/contracts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_CONNECTIONS_PER_USER: '2' } })
})

afterAll(() => edge[Symbol.asyncDispose]())

type Code = Extract<OpenReply, { allowed: false }>['code']

async function connectRefused(code: Code, message: string) {
  edge.worker.open = () => ({ allowed: false, code, message })
  return edge.connect()
}

test('blocked - a frame with the message, then 1008 with it', async () => {
  using chat = await connectRefused('blocked', 'Zahlung überfällig')
  expect(await chat.next('blocked')).toEqual({ type: 'blocked', message: 'Zahlung überfällig' })
  expect(await chat.closed).toEqual({ code: 1008, reason: 'Access blocked: Zahlung überfällig' })
})

test('blocked with a long message - the frame has all of it, the close reason what fits', async () => {
  const message = 'ü'.repeat(500)
  using chat = await connectRefused('blocked', message)
  expect((await chat.next('blocked')).message).toBe(message)
  const { code, reason } = await chat.closed
  expect([code, reason.startsWith('Access blocked: ü'), Buffer.byteLength(reason) <= 123]).toEqual([
    1008,
    true,
    true,
  ])
})

test('an inactive account - reason in a frame, then 1008', async () => {
  using chat = await connectRefused('account_inactive', '')
  expect(await chat.next('error')).toEqual({
    type: 'error',
    code: 'account_inactive',
    error: 'Account inactive',
  })
  expect(await chat.closed).toEqual({ code: 1008, reason: 'Account inactive' })
})

test('an ended login - reason in a frame, then 4401', async () => {
  using chat = await connectRefused('login_revoked', '')
  expect(await chat.next('error')).toMatchObject({ code: 'login_revoked' })
  expect(await chat.next('goodbye')).toMatchObject({ code: 4401, resume: true })
  expect((await chat.closed).code).toBe(4401)
})

test("another user's conversation - 4403", async () => {
  using chat = await connectRefused('not_found', '')
  expect(await chat.next('error')).toMatchObject({ code: 'not_found' })
  expect((await chat.closed).code).toBe(4403)
})

test('a conversation_id that is none - 4403 without asking anybody', async () => {
  const asked = edge.worker.opened.length
  using chat = await edge.connect({ query: '?conversation_id=..%2F*' })
  expect(await chat.next('error')).toMatchObject({ code: 'not_found' })
  expect((await chat.closed).code).toBe(4403)
  expect(edge.worker.opened.length).toBe(asked)
})

test('too many new connections - when to come back, then 4429', async () => {
  edge.worker.open = () => ({
    allowed: false,
    code: 'too_many_connections',
    message: '',
    retry_after_ms: 30_000,
  })
  using chat = await edge.connect()
  expect(await chat.next('error')).toMatchObject({ code: 'too_many_connections', retry_after_ms: 30_000 })
  const { code, retry_after_ms } = await chat.next('goodbye')
  expect([code, retry_after_ms >= 30_000]).toEqual([4429, true])
  expect((await chat.closed).code).toBe(4429)
})

test.each([
  ['the gateway says', { 'x-forwarded-for': '198.51.100.7' }, '198.51.100.7'],
  ['the gateway appended', { 'x-forwarded-for': '8.8.8.8, 198.51.100.7, 127.0.0.9' }, '198.51.100.7'],
  ['its peer has', {}, '127.0.0.1'],
])('a worker gets the address that %s', async (_who, headers, address) => {
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  using chat = await edge.connect({ headers })
  await chat.next('welcome')
  expect(edge.worker.opened.at(-1)).toMatchObject({ address })
})

test('an address that an untrusted peer writes is ignored', async () => {
  await using own = await startEdge({ env: { EDGE_TRUSTED_PROXIES: '10.0.0.0/8' } })
  using chat = await own.connect({ headers: { 'x-forwarded-for': '198.51.100.7' } })
  await chat.next('welcome')
  expect(own.worker.opened.at(-1)).toMatchObject({ address: '127.0.0.1' })
})

test('no worker that answers - when to come back, then 1013', async () => {
  await using own = await startEdge({ env: { EDGE_OPEN_TIMEOUT_MS: '300' } })
  own.worker.open = () => undefined
  using chat = await own.connect()
  chat.say('is anybody there?', { client_msg_id: 'm1' })
  expect(await chat.next('error')).toMatchObject({
    code: 'unavailable',
    retry_after_ms: expect.any(Number),
  })
  expect(await chat.next('error')).toMatchObject({ code: 'unavailable', client_msg_id: 'm1' })
  expect(await chat.next('goodbye')).toMatchObject({ code: 1013, resume: true })
  expect((await chat.closed).code).toBe(1013)
})

test('a worker that dies while it is asked - another one is asked in time', async () => {
  await using own = await startEdge()
  const { opened } = own.worker
  own.worker.open = () =>
    opened.length === 1 ? undefined : { allowed: true, welcome: 'Hello again!', limits: [] }
  using chat = await own.connect()
  expect(await chat.next('welcome')).toMatchObject({ text: 'Hello again!' })
  expect(opened).toEqual([opened[0], opened[0]])
})

test('a worker that answers late - counts although another one was asked', async () => {
  await using own = await startEdge()
  const asked = Promise.withResolvers<void>()
  let requests = 0
  const allow = async (): Promise<OpenReply | undefined> => {
    requests += 1
    if (requests > 1) {
      asked.resolve()
      return undefined
    }
    await asked.promise
    return { allowed: true, welcome: 'Sorry, late!', limits: [] }
  }
  own.worker.open = allow
  using chat = await own.connect()
  expect(await chat.next('welcome')).toMatchObject({ text: 'Sorry, late!' })
  expect(requests).toBe(2)
})

test('more connections than a user may have - 4429, the others stay', async () => {
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  using one = await edge.connect({ assertion: { userId: 5 } })
  using two = await edge.connect({ assertion: { userId: 5 } })
  using three = await edge.connect({ assertion: { userId: 5 } })
  expect(await three.next('error')).toMatchObject({ code: 'too_many_connections' })
  expect(await three.next('goodbye')).toMatchObject({ code: 4429, retry_after_ms: expect.any(Number) })
  expect((await three.closed).code).toBe(4429)
  using other = await edge.connect({ assertion: { userId: 6 } })
  for (const chat of [one, two, other]) await chat.next('welcome')
  expect(await one.settle()).toEqual([])
})
