import { expect, test } from 'vitest'
import { WebSocket as WsSocket } from 'ws'
import { connect, type SocketConstructor } from '../src/index.ts'
import { accepted, done, makeResult, turnId, token, turnFrame } from './frames.ts'
import { openChat, readAll } from './open-chat.ts'
import { conversationId, openScriptedServer } from './scripted-server.ts'

test('a reply comes as pieces of text, as events and as a result', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello')
  const message = await open.socket.next()
  expect(message).toEqual({ type: 'message', text: 'Hello', client_msg_id: reply.clientMsgId })
  expect(reply.clientMsgId).toMatch(/^[0-9a-f-]{36}$/)
  const input = { path: '/' }
  for (const frame of [
    accepted(reply.clientMsgId),
    turnFrame('started', [1, 1]),
    token([1, 2], 'One'),
    turnFrame('tool_call', [1, 3], { mcp: 'files', tool: 'list', call_id: 'c1', input }),
    turnFrame('tool_result', [1, 4], { call_id: 'c1', status: 'ok', duration_ms: 3 }),
    token([1, 5], ' two'),
    turnFrame('waiting', [0, 0]),
    { ...token([1, 8], ' three'), from: 6 },
    turnFrame('warning', [1, 9], { message: 'nearly at the limit' }),
    done([1, 10], 'One two three'),
  ])
    open.socket.send(frame)
  expect(await reply.result()).toEqual(makeResult('One two three'))
  expect(reply.text).toBe('One two three')
  expect(reply.turnId).toBe(turnId)
  expect(await readAll(reply)).toEqual([
    { type: 'accepted', session_id: turnId },
    { type: 'started' },
    { type: 'token', text: 'One' },
    { type: 'tool_call', mcp: 'files', tool: 'list', call_id: 'c1', input },
    { type: 'tool_result', call_id: 'c1', status: 'ok', duration_ms: 3 },
    { type: 'token', text: ' two' },
    { type: 'waiting' },
    { type: 'token', text: ' three' },
    { type: 'warning', message: 'nearly at the limit' },
    { type: 'done', result: makeResult('One two three') },
  ])
  const pieces: string[] = []
  for await (const piece of reply) pieces.push(piece)
  expect(pieces).toEqual(['One', ' two', ' three'])
})

test('the chat knows its welcome and its conversation', async () => {
  await using open = await openChat()
  expect(open.chat.welcome).toMatchObject({ text: 'Hi', resume_token: 'rt-1' })
  expect(open.chat.conversationId).toBe(conversationId)
  expect(open.events).toMatchObject([{ type: 'connected', welcome: { text: 'Hi' } }])
})

test('a conversation is reopened by its id, and an earlier turn replaced', async () => {
  await using open = await openChat({ conversationId })
  expect(open.socket.url.search).toBe(`?conversation_id=${conversationId}`)
  open.chat.send('again', { clientMsgId: 'm-1', replaces: turnId })
  expect(await open.socket.next()).toEqual({
    type: 'message',
    text: 'again',
    client_msg_id: 'm-1',
    replaces: turnId,
  })
})

test('messages keep their order, and their replies stay apart', async () => {
  await using open = await openChat()
  const [first, second] = [
    open.chat.send('1', { clientMsgId: 'a' }),
    open.chat.send('2', { clientMsgId: 'b' }),
  ]
  expect(await open.socket.next()).toMatchObject({ text: '1' })
  expect(await open.socket.next()).toMatchObject({ text: '2' })
  const other = { session_id: conversationId }
  for (const frame of [accepted('a'), done([1, 1], 'A')]) open.socket.send(frame)
  for (const frame of [accepted('b'), done([1, 1], 'B')]) open.socket.send({ ...frame, ...other })
  expect(await first.result()).toMatchObject({ answer: 'A' })
  expect(await second.result()).toMatchObject({ answer: 'B' })
})

test('what is no frame of this protocol changes nothing, and what is about no reply is an event', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  for (const raw of ['', '{', '[]', 'null', '{"type":"constructor"}', '{"type":"new"}', '{"type":"token"}'])
    open.socket.sendRaw(raw)
  open.socket.sendRaw(Buffer.from([0, 255]))
  const foreign = { type: 'error', error: 'Odd.', code: 'not_found' }
  for (const frame of [foreign, accepted('m-1'), done([1, 1], 'ours')]) open.socket.send(frame)
  expect(await reply.result()).toMatchObject({ answer: 'ours' })
  expect(open.events.slice(1)).toEqual([{ type: 'frame', frame: foreign }])
})

test('Node sends its token as a header', async () => {
  await using open = await openChat({ token: () => 'fresh' })
  expect(open.socket.headers.authorization).toBe('Bearer fresh')
  expect(open.socket.url.search).toBe('')
})

test('a browser trades its token for a ticket', async () => {
  await using server = await openScriptedServer()
  const opening = connect({ url: `${server.url}/omni2/`, token: 'token-1', hasSocketHeaders: false })
  const { request, response } = await server.nextRequest()
  expect([request.method, request.url]).toEqual(['POST', '/omni2/auth/ticket'])
  expect(request.headers.authorization).toBe('Bearer token-1')
  response.end(JSON.stringify({ ticket: 'once', expires_in: 30 }))
  const socket = await server.nextSocket()
  expect([socket.url.pathname, socket.url.search]).toEqual(['/omni2/ws/chat', '?ticket=once'])
  expect(socket.headers.authorization).toBeUndefined()
  socket.welcome()
  await using _chat = await opening
})

test('a page may bring its own tickets, or only its cookie', async () => {
  await using ticketed = await openChat({ token: undefined, ticket: async () => 'mine' })
  expect(ticketed.socket.url.search).toBe('?ticket=mine')
  await using plain = await openChat({ token: undefined })
  expect(plain.socket.url.search).toBe('')
  expect(plain.socket.headers.authorization).toBeUndefined()
})

test('another WebSocket can be injected', async () => {
  await using open = await openChat({ WebSocket: WsSocket as SocketConstructor })
  expect(open.socket.headers.authorization).toBe('Bearer token-1')
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), done([1, 1], 'yes')]) open.socket.send(frame)
  expect(await reply.result()).toMatchObject({ answer: 'yes' })
})
