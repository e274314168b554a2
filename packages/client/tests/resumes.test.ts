import { expect, test } from 'vitest'
import type { Reply } from '../src/index.ts'
import { accepted, done, turnId, token, turnFrame } from './frames.ts'
import { awaitEvent, openChat, type OpenChat, readAll } from './open-chat.ts'
import { conversationId, type ScriptedSocket } from './scripted-server.ts'

const other = '33333333-3333-4333-8333-333333333333'

/** A turn that has said "One" when its socket is cut, and the socket that comes after it. */
async function cutInMidTurn(open: OpenChat): Promise<{ reply: Reply; next: ScriptedSocket }> {
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), turnFrame('started', [1, 1]), token([1, 2], 'One')])
    open.socket.send(frame)
  await awaitEvent(reply, 'token')
  open.socket.cut()
  return { reply, next: await open.server.nextSocket() }
}

test('a running turn is resumed from its cursor and goes on', async () => {
  await using open = await openChat()
  const { reply, next } = await cutInMidTurn(open)
  next.welcome({ resume_token: 'rt-2' })
  expect(await next.next()).toEqual({
    type: 'resume',
    resume_token: 'rt-2',
    session_id: turnId,
    attempt: 1,
    seq: 2,
  })
  for (const frame of [turnFrame('resumed', [1, 2]), token([1, 3], ' two'), done([1, 4], 'One two')])
    next.send(frame)
  expect(await reply.result()).toMatchObject({ answer: 'One two' })
  expect((await readAll(reply)).map(({ type }) => type)).toEqual([
    'accepted',
    'started',
    'token',
    'token',
    'done',
  ])
})

test('a socket with another conversation gets the old one’s resume token', async () => {
  await using open = await openChat()
  const { reply, next } = await cutInMidTurn(open)
  next.welcome({ conversation_id: other, resume_token: 'rt-other' })
  expect(await next.next()).toMatchObject({ type: 'resume', resume_token: 'rt-1' })
  next.send(turnFrame('finished', [1, 9], { frame: done([1, 9], 'One two three') }))
  expect(await reply.result()).toMatchObject({ answer: 'One two three' })
  expect(reply.text).toBe('One two three')
  expect(open.chat.conversationId).toBe(conversationId)
})

test('a snapshot that goes on from the text is more text, and what it holds is not taken twice', async () => {
  await using open = await openChat()
  const { reply, next } = await cutInMidTurn(open)
  next.welcome()
  await next.next()
  for (const frame of [
    turnFrame('snapshot', [1, 4], { text: 'One two' }),
    token([1, 4], ' two'),
    token([1, 5], ' three'),
    done([1, 6], 'One two three'),
  ])
    next.send(frame)
  await reply.result()
  expect((await readAll(reply)).slice(2)).toEqual([
    { type: 'token', text: 'One' },
    { type: 'snapshot', text: 'One two' },
    { type: 'token', text: ' two three' },
    expect.objectContaining({ type: 'done' }),
  ])
})

test('a turn that cannot be found again fails', async () => {
  await using open = await openChat()
  const { reply, next } = await cutInMidTurn(open)
  next.welcome({ conversation_id: other, resume_token: 'rt-other' })
  await next.next()
  next.send(turnFrame('unrecoverable', [0, 0], { reason: 'expired_token' }))
  await expect(reply.result()).rejects.toMatchObject({ code: 'unrecoverable' })
  expect(reply.text).toBe('One')
  expect(open.chat.conversationId).toBe(other)
})

test('a server that knows less than the client is asked for everything', async () => {
  await using open = await openChat()
  const { reply, next } = await cutInMidTurn(open)
  next.welcome()
  await next.next()
  next.send(turnFrame('unrecoverable', [0, 0], { reason: 'future_cursor' }))
  expect(await next.next()).toMatchObject({ type: 'resume', attempt: 0, seq: 0 })
  next.send(turnFrame('unrecoverable', [0, 0], { reason: 'future_cursor' }))
  await expect(reply.result()).rejects.toMatchObject({ code: 'unrecoverable' })
})

test('a resume outlives the next cut', async () => {
  await using open = await openChat()
  const { reply, next } = await cutInMidTurn(open)
  next.welcome()
  await next.next()
  next.cut()
  const third = await open.server.nextSocket()
  third.welcome()
  expect(await third.next()).toMatchObject({ type: 'resume', seq: 2 })
  for (const frame of [turnFrame('resumed', [1, 2]), done([1, 3], 'One')]) third.send(frame)
  await reply.result()
})

test('a gap is asked for on the same socket, and the frames after it wait', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), token([1, 1], 'a'), token([1, 3], 'c'), token([1, 4], 'd')])
    open.socket.send(frame)
  expect(await open.socket.next()).toMatchObject({
    type: 'resume',
    session_id: turnId,
    attempt: 1,
    seq: 1,
  })
  for (const frame of [turnFrame('snapshot', [1, 3], { text: 'abc' }), token([1, 5], 'e')])
    open.socket.send(frame)
  open.socket.send(done([1, 6], 'abcde'))
  expect(await reply.result()).toMatchObject({ answer: 'abcde' })
  expect((await readAll(reply)).filter(({ type }) => type === 'reset')).toEqual([])
  expect(open.socket.waiting).toBe(0)
})

test('a gap that no answer closes ends the reply instead of endless requests', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), token([1, 1], 'a'), token([1, 3], 'c')]) open.socket.send(frame)
  expect(await open.socket.next()).toMatchObject({ type: 'resume', attempt: 1, seq: 1 })
  open.socket.send(turnFrame('resumed', [1, 1]))
  expect(await open.socket.next()).toMatchObject({ type: 'resume', attempt: 0, seq: 0 })
  open.socket.send(turnFrame('resumed', [0, 0]))
  await expect(reply.result()).rejects.toMatchObject({ code: 'unrecoverable' })
})

test('a terminal frame ends a turn that waits for missing frames', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), token([1, 1], 'a'), token([1, 3], 'c'), done([1, 4], 'abc')])
    open.socket.send(frame)
  expect(await reply.result()).toMatchObject({ answer: 'abc' })
  expect(reply.text).toBe('abc')
})

test('a message whose acceptance was not seen is sent again in the same conversation', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  const sent = await open.socket.next()
  open.socket.cut()
  const next = await open.server.nextSocket()
  next.welcome()
  expect(await next.next()).toEqual(sent)
  for (const frame of [accepted('m-1'), done([1, 1], 'once')]) next.send(frame)
  expect(await reply.result()).toMatchObject({ answer: 'once' })
})

test('in another conversation it is asked for first, and sent again only where it is unknown', async () => {
  await using open = await openChat()
  const [known, unknown] = ['m-1', 'm-2'].map((clientMsgId) => open.chat.send('Hello', { clientMsgId }))
  await open.socket.next()
  await open.socket.next()
  open.socket.cut()
  const next = await open.server.nextSocket()
  next.welcome({ conversation_id: other })
  const resume = { type: 'resume', resume_token: 'rt-1', attempt: 0, seq: 0 }
  expect(await next.next()).toEqual({ ...resume, client_msg_id: 'm-1' })
  expect(next.waiting).toBe(0)
  next.send(turnFrame('finished', [1, 3], { frame: done([1, 3], 'known') }))
  expect(await next.next()).toEqual({ ...resume, client_msg_id: 'm-2' })
  next.send({ type: 'unrecoverable', client_msg_id: 'm-2', reason: 'unknown' })
  expect(await next.next()).toEqual({ type: 'message', text: 'Hello', client_msg_id: 'm-2' })
  for (const frame of [accepted('m-2'), done([1, 1], 'new')]) next.send({ ...frame, session_id: other })
  expect(await known?.result()).toMatchObject({ answer: 'known' })
  expect(await unknown?.result()).toMatchObject({ answer: 'new' })
})

test('messages that were never sent go out after what has to be resumed', async () => {
  await using open = await openChat()
  const { next } = await cutInMidTurn(open)
  open.chat.send('later', { clientMsgId: 'm-2' })
  next.welcome()
  expect(await next.next()).toMatchObject({ type: 'resume' })
  expect(next.waiting).toBe(0)
  next.send(turnFrame('resumed', [1, 2]))
  expect(await next.next()).toMatchObject({ type: 'message', text: 'later' })
})

test('a resume for which there is no room yet is asked again', async () => {
  await using open = await openChat()
  const { next } = await cutInMidTurn(open)
  next.welcome()
  const resume = await next.next()
  next.send(turnFrame('error', [0, 0], { error: 'Full.', code: 'queue_full', retry_after_ms: 1 }))
  expect(await next.next()).toEqual(resume)
})

test('a server that gives running turns up says so', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  open.socket.send(accepted('m-1'))
  open.socket.goodbye(1012, { resume: false })
  await expect(reply.result()).rejects.toMatchObject({ code: 'unrecoverable' })
})
