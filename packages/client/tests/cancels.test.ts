import { expect, test } from 'vitest'
import { accepted, makeResult, turnId, token, turnFrame } from './frames.ts'
import { connect } from '../src/index.ts'
import { atOnce, awaitEvent, openChat, readAll } from './open-chat.ts'
import { openScriptedServer } from './scripted-server.ts'

const cancelled = turnFrame('cancelled', [1, 2], { result: makeResult('One', { stop_reason: 'cancelled' }) })

test('a running turn is cancelled, and its result says what was said', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), token([1, 1], 'One')]) open.socket.send(frame)
  await awaitEvent(reply, 'token')
  reply.cancel()
  reply.cancel()
  expect(await open.socket.next()).toEqual({ type: 'cancel', session_id: turnId })
  open.socket.send(cancelled)
  expect(await reply.result()).toMatchObject({ answer: 'One', stop_reason: 'cancelled' })
  expect((await readAll(reply)).at(-1)).toMatchObject({ type: 'cancelled' })
  reply.cancel()
  open.chat.send('after', { clientMsgId: 'm-2' })
  expect(await open.socket.next()).toMatchObject({ type: 'message' })
})

test('a turn that is not accepted yet is cancelled by its client_msg_id', async () => {
  await using open = await openChat()
  const stop = new AbortController()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1', signal: stop.signal })
  await open.socket.next()
  stop.abort()
  expect(await open.socket.next()).toEqual({ type: 'cancel', client_msg_id: 'm-1' })
  for (const frame of [accepted('m-1'), cancelled]) open.socket.send(frame)
  await reply.result()
})

test('a message that was never sent is not sent any more', async () => {
  await using open = await openChat()
  open.socket.cut()
  const next = await open.server.nextSocket()
  const reply = open.chat.send('Hello', { signal: AbortSignal.abort() })
  await expect(reply.result()).rejects.toMatchObject({ code: 'cancelled' })
  open.chat.send('other')
  next.welcome()
  expect(await next.next()).toMatchObject({ text: 'other' })
})

test('a message whose signal has aborted is not sent', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { signal: AbortSignal.abort('enough') })
  await expect(reply.result()).rejects.toMatchObject({ code: 'cancelled', cause: 'enough' })
  open.chat.send('other')
  expect(await open.socket.next()).toMatchObject({ text: 'other' })
})

test('connecting is given up when its signal aborts, and a chat that is connected is not', async () => {
  await using server = await openScriptedServer()
  const stop = new AbortController()
  const opening = connect({ url: server.url, signal: stop.signal, ...atOnce })
  const socket = await server.nextSocket()
  stop.abort('enough')
  await expect(opening).rejects.toMatchObject({ code: 'cancelled', cause: 'enough' })
  await socket.closed
  const early = connect({ url: server.url, signal: stop.signal, ...atOnce })
  await expect(early).rejects.toMatchObject({ code: 'cancelled' })
  expect(server.upgrades).toBe(1)
  const later = new AbortController()
  await using open = await openChat({ signal: later.signal })
  later.abort()
  open.chat.send('Hello')
  expect(await open.socket.next()).toMatchObject({ text: 'Hello' })
})

test('connecting is given up while its proof is still fetched, and then no socket is opened', async () => {
  await using server = await openScriptedServer()
  const stop = new AbortController()
  const fetched = Promise.withResolvers<string>()
  const opening = connect({ url: server.url, signal: stop.signal, token: () => fetched.promise })
  stop.abort()
  await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
  fetched.resolve('token-1')
  await using open = await openChat()
  expect([server.upgrades, open.server.upgrades]).toEqual([0, 1])
})

test('a cancel that a lost connection swallowed is sent again after the resume', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  open.socket.send(accepted('m-1'))
  await awaitEvent(reply, 'accepted')
  open.socket.cut()
  reply.cancel()
  const next = await open.server.nextSocket()
  next.welcome()
  expect(await next.next()).toMatchObject({ type: 'resume' })
  expect(next.waiting).toBe(0)
  next.send(turnFrame('resumed', [0, 0]))
  expect(await next.next()).toEqual({ type: 'cancel', session_id: turnId })
  next.send(cancelled)
  await reply.result()
})

test('a cancel that the server does not take is a warning, and the turn goes on', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  open.socket.send(accepted('m-1'))
  await awaitEvent(reply, 'accepted')
  reply.cancel()
  await open.socket.next()
  open.socket.send({ type: 'error', code: 'not_supported', error: 'Not yet.' })
  expect(await awaitEvent(reply, 'warning')).toEqual({ type: 'warning', message: 'Not yet.' })
  open.socket.send(turnFrame('done', [1, 1], { result: makeResult('all of it') }))
  expect(await reply.result()).toMatchObject({ answer: 'all of it' })
})

test('a cancel that came too fast is sent again', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  open.socket.send(accepted('m-1'))
  await awaitEvent(reply, 'accepted')
  reply.cancel()
  await open.socket.next()
  open.socket.send({ type: 'error', code: 'too_many_frames', error: 'Slow down.', retry_after_ms: 1 })
  expect(await open.socket.next()).toEqual({ type: 'cancel', session_id: turnId })
})
