import { expect, test } from 'vitest'
import { accepted, done, makeResult, turnId, token, turnFrame } from './frames.ts'
import { awaitEvent, openChat, readAll } from './open-chat.ts'
import { conversationId } from './scripted-server.ts'

const otherId = '33333333-3333-4333-8333-333333333333'
const ofOther = (frame: object) => ({ ...frame, session_id: otherId })

test('who opens a conversation in mid-reply gets the reply', async () => {
  await using open = await openChat({ conversationId })
  open.socket.send(turnFrame('snapshot', [1, 7], { text: 'One two' }))
  const reply = await open.replies.take()
  expect([reply.turnId, reply.clientMsgId]).toEqual([turnId, undefined])
  for (const frame of [token([1, 8], ' three'), done([1, 9], 'One two three')]) open.socket.send(frame)
  expect(await reply.result()).toEqual(makeResult('One two three'))
  expect((await readAll(reply)).slice(0, 2)).toEqual([
    { type: 'accepted', session_id: turnId },
    { type: 'snapshot', text: 'One two' },
  ])
  expect(open.events).toHaveLength(1)
})

test('a reply knows its question: one’s own at once, another viewer’s when the server says it', async () => {
  await using open = await openChat({ conversationId })
  const own = open.chat.send('Hello', { clientMsgId: 'm-1', replaces: otherId })
  expect([own.question, own.replaces]).toEqual(['Hello', otherId])
  await open.socket.next()
  for (const frame of [accepted('m-1'), done([1, 1], 'yes')]) open.socket.send(frame)
  await own.result()
  const asked = { question: 'And you?', replaces: turnId }
  open.socket.send(ofOther(turnFrame('started', [1, 1], asked)))
  const reply = await open.replies.take()
  expect(reply).toMatchObject(asked)
  open.socket.send({ ...done([1, 1], 'late'), session_id: conversationId, question: 'Who was it?' })
  expect((await open.replies.take()).question).toBe('Who was it?')
})

test('the end of a turn says what is left of the limits', async () => {
  await using open = await openChat({ conversationId })
  const limits = [{ kind: 'cost_daily', limit: 5, used: 1, remaining: 4, reset_at: null }]
  open.socket.send({ ...done([1, 1], 'yes'), limits })
  expect(await (await open.replies.take()).result()).toEqual({ ...makeResult('yes'), limits })
  const failure = { error: 'Overloaded.', code: 'model_overloaded', limits }
  open.socket.send(ofOther(turnFrame('error', [1, 1], failure)))
  await expect((await open.replies.take()).result()).rejects.toMatchObject({ limits })
})

test("another viewer's turns are replies, each of its own, beside one's own", async () => {
  await using open = await openChat()
  const own = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), token([1, 1], 'ours'), ofOther(turnFrame('started', [1, 1]))])
    open.socket.send(frame)
  const other = await open.replies.take()
  for (const frame of [done([1, 2], 'ours'), ofOther(token([1, 2], 'theirs'))]) open.socket.send(frame)
  open.socket.send(ofOther(done([1, 3], 'theirs')))
  expect(await own.result()).toMatchObject({ answer: 'ours' })
  expect(await other.result()).toMatchObject({ answer: 'theirs' })
  expect(open.replies.size).toBe(0)
})

test('an end that comes again, of any viewer’s turn, begins no reply', async () => {
  await using open = await openChat()
  const own = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), done([1, 1], 'ours'), done([1, 1], 'ours')]) open.socket.send(frame)
  for (const frame of [done([1, 1], 'theirs'), done([1, 1], 'theirs')]) open.socket.send(ofOther(frame))
  await own.result()
  expect((await open.replies.take()).turnId).toBe(otherId)
  const next = open.chat.send('next', { clientMsgId: 'm-2' })
  await open.socket.next()
  open.socket.send(ofOther(token([2, 1], 'late')))
  open.socket.send({ ...accepted('m-2'), session_id: conversationId })
  open.socket.send({ ...done([1, 1], 'yes'), session_id: conversationId })
  await next.result()
  expect(open.replies.size).toBe(0)
})

test('a reply of another viewer survives a lost connection, and can be cancelled', async () => {
  await using open = await openChat({ conversationId })
  open.socket.send(token([1, 1], 'One'))
  const reply = await open.replies.take()
  await awaitEvent(reply, 'token')
  open.socket.cut()
  const next = await open.server.nextSocket()
  next.welcome({ resume_token: 'rt-2' })
  expect(await next.next()).toEqual({
    type: 'resume',
    resume_token: 'rt-2',
    session_id: turnId,
    attempt: 1,
    seq: 1,
  })
  next.send(turnFrame('snapshot', [1, 3], { text: 'One two' }))
  await awaitEvent(reply, 'snapshot')
  reply.cancel()
  expect(await next.next()).toEqual({ type: 'cancel', session_id: turnId })
  next.send(turnFrame('cancelled', [1, 4], { result: makeResult('One two', { stop_reason: 'cancelled' }) }))
  expect(await reply.result()).toMatchObject({ stop_reason: 'cancelled' })
  expect(open.replies.size).toBe(0)
})

test('frames of a turn whose beginning was missed are asked for', async () => {
  await using open = await openChat({ conversationId })
  open.socket.send(token([1, 5], 'five'))
  const reply = await open.replies.take()
  expect(await open.socket.next()).toMatchObject({ type: 'resume', attempt: 0, seq: 0 })
  open.socket.send(turnFrame('snapshot', [1, 5], { text: 'one to five' }))
  open.socket.send(done([1, 6], 'one to five'))
  expect(await reply.result()).toMatchObject({ answer: 'one to five' })
})

test('a turn that may be one’s own is not shown as another viewer’s', async () => {
  await using open = await openChat({ conversationId })
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  open.socket.cut()
  const next = await open.server.nextSocket()
  next.welcome()
  expect(await next.next()).toMatchObject({ type: 'message', client_msg_id: 'm-1' })
  // The edge shows the running turn before it names its message.
  for (const frame of [turnFrame('snapshot', [1, 2], { text: 'One' }), ofOther(token([1, 1], 'theirs'))])
    next.send(frame)
  for (const frame of [accepted('m-1'), done([1, 3], 'One two')]) next.send(frame)
  expect(await reply.result()).toMatchObject({ answer: 'One two' })
  expect((await open.replies.take()).turnId).toBe(otherId)
  expect(open.replies.size).toBe(0)
})

test('a message that is sent again while its turn is followed has its reply, too', async () => {
  await using open = await openChat({ conversationId })
  open.socket.send(token([1, 1], 'One'))
  const followed = await open.replies.take()
  const own = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), done([1, 2], 'One two')]) open.socket.send(frame)
  expect(await own.result()).toMatchObject({ answer: 'One two' })
  expect(await followed.result()).toMatchObject({ answer: 'One two' })
})
