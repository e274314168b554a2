import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeTurnId, type ResultReply } from '@omni2/contracts'
import { comeBack, leaveTurn, resume } from './leave-turn.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({
    env: { EDGE_SILENCE_MS: '400', EDGE_ASK_AGAIN_MS: '50' },
  })
})

beforeEach(() => {
  edge.worker.result = edge.worker.readEnd
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
})

afterAll(() => edge[Symbol.asyncDispose]())

test('behind the turn - one snapshot, then every frame after it', async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  attempt.say('and ')
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 1, seq: 1 })
  expect(await chat.next('snapshot')).toMatchObject({ attempt: 1, seq: 3, text: 'so far and ' })
  const rest = [attempt.say('on'), attempt.finish()]
  for (const bytes of rest) expect(await chat.nextBytes()).toEqual(Buffer.from(bytes))
  expect(await chat.settle()).toEqual([])
})

test('nothing received yet - a snapshot of all', async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id })
  expect(await chat.next('snapshot')).toMatchObject({ attempt: 1, seq: 2, text: 'so far ' })
})

test('nothing missing - resumed, then every frame after it', async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  using chat = await comeBack(edge)
  const { session_id } = attempt.turn
  resume(chat, token, { session_id, attempt: 1, seq: 2 })
  expect(await chat.next('resumed')).toEqual({ type: 'resumed', session_id, attempt: 1, from: 2, seq: 2 })
  attempt.say('on')
  expect(await chat.next('token')).toMatchObject({ seq: 3 })
})

test('ended meanwhile - finished, with the terminal frame', async () => {
  const { attempt, token } = await leaveTurn(edge)
  const frame = attempt.loseEnd()
  edge.worker.result = () => ({ state: 'ended', frame })
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 1, seq: 2 })
  expect(await chat.next('finished')).toMatchObject({ attempt: 1, seq: 3, frame: JSON.parse(frame) })
  expect(await chat.settle()).toEqual([])
})

test('ended while it is being looked up - finished, and nothing after it', async () => {
  const { attempt, token } = await leaveTurn(edge)
  edge.worker.result = () => {
    attempt.finish()
    return { state: 'running', attempt: 1 }
  }
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 1, seq: 2 })
  expect(await chat.next('waiting')).toMatchObject({ attempt: 0 })
  expect((await chat.next('finished')).frame).toMatchObject({ type: 'done', attempt: 1, seq: 3 })
  expect(await chat.settle()).toEqual([])
})

test('watched as well, and ended while it is being looked up - finished, and no end beside it', async () => {
  const { attempt, token, conversationId } = await leaveTurn(edge)
  const { session_id } = attempt.turn
  const owned = await attempt.own()
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [], running: session_id })
  using chat = await edge.connect({ query: `?conversation_id=${conversationId}` })
  await chat.next('welcome')
  await chat.next('snapshot')
  owned.unsubscribe()
  const asked = Promise.withResolvers<void>()
  edge.worker.result = () => {
    const frame = Buffer.from(attempt.finish()).toString()
    asked.resolve()
    return { state: 'ended', frame }
  }
  resume(chat, token, { session_id, attempt: 1, seq: 2 })
  await asked.promise
  expect((await chat.next('finished')).frame).toMatchObject({ type: 'done', attempt: 1, seq: 3 })
  expect(await chat.settle()).toEqual([])
})

test('its worker is gone - waiting, then resumed into the next attempt', async () => {
  const { attempt, token } = await leaveTurn(edge)
  edge.worker.result = () => ({ state: 'running', attempt: 1 })
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 1, seq: 2 })
  await chat.next('waiting')
  const second = attempt.retry()
  second.send('restart')
  second.finish()
  const frames = (await chat.until('done')).filter(({ type }) => type !== 'waiting')
  expect(frames).toMatchObject([
    { type: 'resumed', attempt: 1, seq: 2 },
    { type: 'restart', attempt: 2, seq: 1 },
    { type: 'done', attempt: 2, seq: 2 },
  ])
})

test('not begun yet - waiting, then resumed from nothing', async () => {
  const { attempt, token } = await leaveTurn(edge)
  edge.worker.result = () => ({ state: 'queued' })
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id })
  await chat.next('waiting')
  const first = attempt.retry()
  first.send('started')
  const frames = (await chat.until('started')).filter(({ type }) => type !== 'waiting')
  expect(frames).toMatchObject([{ type: 'resumed', attempt: 0, seq: 0 }, { type: 'started' }])
})

test('accepted but recorded only a moment later - found by looking again', async () => {
  const { attempt, token } = await leaveTurn(edge)
  const answers: ResultReply[] = [{ state: 'unknown' }, { state: 'ended', frame: attempt.loseEnd() }]
  edge.worker.result = () => answers.shift() ?? { state: 'unknown' }
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id })
  expect(await chat.next('finished')).toMatchObject({ frame: { type: 'done' } })
})

test('the answer of an owner that lost its turn is ignored', async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  const second = attempt.retry()
  edge.worker.result = () => ({ state: 'running', attempt: 2 })
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 2, seq: 1 })
  await chat.next('waiting')
  second.lose('restart')
  second.say('again')
  const frames = (await chat.until('token')).filter(({ type }) => type !== 'waiting')
  expect(frames).toMatchObject([
    { type: 'resumed', attempt: 2, seq: 1 },
    { type: 'token', attempt: 2, seq: 2 },
  ])
})

test('by client_msg_id - accepted names the turn, then the answer', async () => {
  const { attempt, token, conversationId } = await leaveTurn(edge)
  await attempt.own()
  using chat = await comeBack(edge)
  resume(chat, token, { client_msg_id: 'm1' })
  const session_id = makeTurnId({ userId: 1, conversationId, clientMsgId: 'm1' })
  expect(await chat.next('accepted')).toMatchObject({ session_id, client_msg_id: 'm1' })
  expect(await chat.next('snapshot')).toMatchObject({ session_id, seq: 2 })
})

test('by a client_msg_id that never arrived - unknown, and the message can be sent again there', async () => {
  const { token, conversationId } = await leaveTurn(edge)
  using chat = await comeBack(edge)
  resume(chat, token, { client_msg_id: 'm2' })
  expect(await chat.next('unrecoverable')).toMatchObject({ reason: 'unknown', client_msg_id: 'm2' })
  chat.say('again', { client_msg_id: 'm2' })
  expect((await edge.worker.takeTurn()).turn).toMatchObject({
    conversation_id: conversationId,
    session_id: makeTurnId({ userId: 1, conversationId, clientMsgId: 'm2' }),
  })
})

test('a message sent right after the resume belongs to the old conversation and waits for its turn', async () => {
  const { attempt, token, conversationId } = await leaveTurn(edge)
  await attempt.own()
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 1, seq: 2 })
  chat.say('next', { client_msg_id: 'm3' })
  await chat.next('resumed')
  expect(await chat.settle()).toEqual([])
  attempt.finish()
  await chat.next('done')
  const next = await edge.worker.takeTurn()
  expect(next.turn).toMatchObject({ conversation_id: conversationId, text: 'next' })
  await chat.next('accepted')
  next.finish()
  await chat.next('done')
})

test('any edge can resume, also while the connection that began the turn lives', async () => {
  const sibling = await edge.startSibling()
  using first = await edge.connect({ assertion: { userId: 1 } })
  const { resume_token } = await first.next('welcome')
  first.say('hello')
  const attempt = await edge.worker.takeTurn()
  await attempt.own()
  await first.next('accepted')
  using second = await sibling.connect({ assertion: { userId: 1 } })
  await second.next('welcome')
  resume(second, resume_token, { session_id: attempt.turn.session_id })
  await second.next('snapshot')
  attempt.say('to both')
  attempt.finish()
  // A machine under load is silent long enough for a snapshot of nothing.
  for (const chat of [first, second])
    expect((await chat.until('done')).map(({ type }) => type).slice(-2)).toEqual(['token', 'done'])
})

test('no worker answers - waiting until one does', async () => {
  const { attempt, token } = await leaveTurn(edge)
  const unanswered = await attempt.own(() => undefined)
  edge.worker.result = () => {
    throw new Error('away')
  }
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 1, seq: 2 })
  await chat.next('waiting')
  unanswered.unsubscribe()
  await attempt.own()
  const frames = (await chat.until('resumed')).filter(({ type }) => type !== 'waiting')
  expect(frames).toHaveLength(1)
})

test('sent before the welcome - answered after it', async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  using chat = await edge.connect({ assertion: { userId: 1 } })
  resume(chat, token, { session_id: attempt.turn.session_id })
  await chat.next('welcome')
  expect(await chat.next('snapshot')).toMatchObject({ seq: 2 })
})

test('a closing edge waits for a resumed turn as for its own', async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  const sibling = await edge.startSibling()
  using chat = await sibling.connect({ assertion: { userId: 1 } })
  await chat.next('welcome')
  resume(chat, token, { session_id: attempt.turn.session_id, attempt: 1, seq: 2 })
  await chat.next('resumed')
  const stopped = sibling.service.stop()
  await sibling.service.log.waitFor(/"msg":"stopping"/)
  attempt.finish()
  await chat.next('done')
  expect(await chat.next('goodbye')).toMatchObject({ code: 1012 })
  await stopped
})
