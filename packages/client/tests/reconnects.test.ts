import { expect, test, vi } from 'vitest'
import { closeCodes } from '@omni2/contracts'
import { ChatError, connect } from '../src/index.ts'
import { accepted, done } from './frames.ts'
import { atOnce, openChat } from './open-chat.ts'
import { conversationId, openScriptedServer } from './scripted-server.ts'

const codes = Object.entries(closeCodes).map(([code, { reconnect }]) => ({ code: Number(code), reconnect }))

test.each(codes.filter(({ reconnect }) => reconnect))(
  'after close code $code it connects again',
  async ({ code }) => {
    await using open = await openChat({ token: () => 'token' })
    open.socket.goodbye(code)
    const next = await open.server.nextSocket()
    next.welcome()
    const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
    expect(await next.next()).toMatchObject({ text: 'Hello' })
    for (const frame of [accepted('m-1'), done([1, 1], 'again')]) next.send(frame)
    expect(await reply.result()).toMatchObject({ answer: 'again' })
    expect(open.events[1]).toMatchObject({ type: 'disconnected', code })
  },
)

test.each(codes.filter(({ reconnect }) => !reconnect))(
  'after close code $code it does not',
  async ({ code }) => {
    await using open = await openChat()
    const reply = open.chat.send('Hello')
    open.socket.close(code, 'the reason')
    const error = await reply.result().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ChatError)
    expect(open.events.at(-1)).toEqual({ type: 'closed', error })
    await expect(open.chat.send('too late').result()).rejects.toBe(error)
    expect(open.server.upgrades).toBe(1)
  },
)

test('a lost connection is restored', async () => {
  await using open = await openChat()
  open.socket.cut()
  const next = await open.server.nextSocket()
  next.welcome()
  await vi.waitFor(() => expect(open.events).toHaveLength(3))
  expect(open.events[1]).toMatchObject({ type: 'disconnected', code: 1006, retryInMs: 0 })
})

test('delays are anything up to a doubling cap, on top of what the server asked for', async () => {
  await using open = await openChat({ retry: { baseMs: 4, capMs: 10 }, random: () => 1 })
  const delays = () => open.events.flatMap((event) => (event.type === 'disconnected' ? event.retryInMs : []))
  open.socket.goodbye(1012, { retry_after_ms: 7 })
  for (let failures = 0; failures < 3; failures += 1) (await open.server.nextSocket()).goodbye(1013)
  const last = await open.server.nextSocket()
  last.welcome()
  last.cut()
  await open.server.nextSocket()
  expect(delays()).toEqual([7 + 4, 8, 10, 10, 4])
})

test('it gives up after so many tries without a welcome', async () => {
  await using open = await openChat({ ...atOnce, retry: { baseMs: 0, capMs: 0, tries: 3 } })
  const reply = open.chat.send('Hello')
  open.server.refuseUpgrades(503)
  open.socket.cut()
  await expect(reply.result()).rejects.toMatchObject({ code: 'connection_lost' })
  expect(open.server.upgrades).toBe(1 + 3)
})

test('a dead connection without a close event is given up', async () => {
  await using open = await openChat({ keepAlive: { quietMs: 20, answerMs: 2000 } })
  expect(await open.socket.next()).toEqual({ type: 'ping' })
  open.socket.send({ type: 'pong' })
  expect(await open.socket.next()).toEqual({ type: 'ping' })
  const next = await open.server.nextSocket()
  next.welcome()
  expect(open.events[1]).toMatchObject({ code: 1006, reason: 'no answer to a ping' })
})

test('a server that accepts but never welcomes is tried again', async () => {
  await using server = await openScriptedServer()
  const opening = connect({ url: server.url, ...atOnce, openMs: 1000 })
  await server.nextSocket()
  const second = await server.nextSocket()
  second.welcome()
  await using chat = await opening
  expect(chat.welcome.text).toBe('Hi')
})

test('at 4401 the proof is renewed, once', async () => {
  const asked: boolean[] = []
  const token = ({ renew }: { renew: boolean }) => {
    asked.push(renew)
    return `token-${asked.length}`
  }
  await using open = await openChat({ token })
  open.socket.goodbye(4401)
  const next = await open.server.nextSocket()
  expect(next.headers.authorization).toBe('Bearer token-2')
  next.welcome()
  next.cut()
  await open.server.nextSocket()
  expect(asked).toEqual([false, true, false])
})

test('a login that stays refused, and a token that cannot be renewed, end the chat', async () => {
  await using renewable = await openChat({ token: () => 'token' })
  renewable.socket.goodbye(4401)
  for (let tries = 0; tries < 2; tries += 1) {
    const socket = await renewable.server.nextSocket()
    socket.send({ type: 'error', code: 'login_revoked', error: 'This login has been ended.' })
    socket.goodbye(4401)
  }
  await vi.waitFor(() => expect(renewable.events.at(-1)).toMatchObject({ error: { code: 'login_revoked' } }))
  await using fixed = await openChat({ token: 'token-1' })
  fixed.socket.goodbye(4401)
  await vi.waitFor(() => expect(fixed.events.at(-1)).toMatchObject({ error: { code: 'login_expired' } }))
})

test('a proof that is refused when it connects again is renewed, once, and its reason is reported', async () => {
  const asked: boolean[] = []
  await using open = await openChat({ token: ({ renew }) => `t${asked.push(renew)}` })
  open.server.refuseUpgrades(401, { error: 'This login has been ended.', code: 'login_revoked' })
  open.socket.cut()
  await vi.waitFor(() => expect(open.events.at(-1)).toMatchObject({ error: { code: 'login_revoked' } }))
  expect(asked).toEqual([false, false, false, true])
})

test('a stale token is renewed when it is refused at the first connect', async () => {
  await using server = await openScriptedServer()
  server.refuseUpgrades(401, { error: 'The token has expired.', code: 'token_expired' })
  const token = ({ renew }: { renew: boolean }) => {
    if (renew) server.refuseUpgrades(undefined)
    return renew ? 'fresh' : 'stale'
  }
  const opening = connect({ url: server.url, token, ...atOnce })
  const socket = await server.nextSocket()
  expect(socket.headers.authorization).toBe('Bearer fresh')
  socket.welcome()
  await using _chat = await opening
})

test('where nothing says why, sockets that do not open twice in a row are worth a new proof', async () => {
  const asked: boolean[] = []
  await using open = await openChat({ token: ({ renew }) => `t${asked.push(renew)}` })
  open.server.refuseUpgrades(404)
  open.socket.cut()
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(4))
  open.server.refuseUpgrades(undefined)
  const next = await open.server.nextSocket()
  next.welcome()
  expect(asked.slice(0, 5)).toEqual([false, false, false, true, false])
})

test('a conversation is reopened by its id once a worker has it on record', async () => {
  await using open = await openChat()
  open.socket.cut()
  const second = await open.server.nextSocket()
  expect(second.url.search).toBe('')
  second.welcome()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await second.next()
  for (const frame of [accepted('m-1'), done([1, 1], 'yes')]) second.send(frame)
  await reply.result()
  second.cut()
  const third = await open.server.nextSocket()
  expect(third.url.search).toBe(`?conversation_id=${conversationId}`)
})

test('close ends the connection and what is open, and nothing is tried after it', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello')
  await open.chat.close()
  await expect(reply.result()).rejects.toMatchObject({ code: 'closed' })
  expect(await open.socket.closed).toBe(1000)
  await expect(open.chat.send('Hello').result()).rejects.toMatchObject({ code: 'closed' })
  expect(open.events.at(-1)).toEqual({ type: 'closed', error: undefined })
  await open.chat.close()
  expect(open.server.upgrades).toBe(1)
})
