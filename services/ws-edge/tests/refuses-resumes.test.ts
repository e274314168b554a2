import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeConversationId } from '@omni2/contracts'
import { makeResumeToken } from '../src/resume/resume-token.ts'
import { comeBack, leaveTurn, resume } from './leave-turn.ts'
import { resumeSecret, startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({
    env: { EDGE_SILENCE_MS: '400', EDGE_ASK_AGAIN_MS: '50', EDGE_RESUMES_PER_CONNECTION: '2' },
  })
})

beforeEach(() => {
  edge.worker.result = edge.worker.readEnd
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
})

afterAll(() => edge[Symbol.asyncDispose]())

test.each([
  ['of its attempt', { attempt: 1, seq: 3 }],
  ['of a later attempt', { attempt: 2, seq: 1 }],
])('a cursor ahead %s - unrecoverable', async (_, cursor) => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  edge.worker.result = () => ({ state: 'running', attempt: 1 })
  using chat = await comeBack(edge)
  resume(chat, token, { session_id: attempt.turn.session_id, ...cursor })
  expect(await chat.next('unrecoverable')).toMatchObject({ reason: 'future_cursor' })
  attempt.say('not for this one')
  expect(await chat.settle()).toEqual([])
})

test('by a user who is not admitted - never answered', async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  edge.worker.open = () => ({ allowed: false, code: 'blocked', message: 'no' })
  using refused = await edge.connect({ assertion: { userId: 1 } })
  resume(refused, token, { session_id: attempt.turn.session_id })
  await refused.next('blocked')
  expect((await refused.closed).code).toBe(1008)
  expect(refused.left).toEqual([])
})

test.each([
  ['forged', 'bad_token', (token: string) => `${token.slice(0, -4)}AAAA`],
  [
    'for another conversation',
    'bad_token',
    (token: string) => `${Buffer.from('{}').toString('base64url')}.${token.split('.')[1]}`,
  ],
  ['no token at all', 'bad_token', () => 'x'],
])('a token that is %s - %s', async (_, reason, spoil) => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  using chat = await comeBack(edge)
  resume(chat, spoil(token), { session_id: attempt.turn.session_id })
  expect(await chat.next('unrecoverable')).toMatchObject({ reason })
  resume(chat, spoil(token), { client_msg_id: 'm1' })
  expect(await chat.next('unrecoverable')).toEqual({ type: 'unrecoverable', reason, client_msg_id: 'm1' })
  attempt.say('secret')
  expect(await chat.settle()).toEqual([])
})

test('an expired token - expired_token', async () => {
  const { attempt, conversationId } = await leaveTurn(edge)
  const claims = { conversation_id: conversationId, user_id: 1, expires_at: Date.now() - 1 }
  using chat = await comeBack(edge)
  const token = makeResumeToken(claims, { secret: resumeSecret })
  resume(chat, token, { session_id: attempt.turn.session_id })
  expect(await chat.next('unrecoverable')).toMatchObject({ reason: 'expired_token' })
})

test("another user's turn looks like an unknown one, whatever the token", async () => {
  const { attempt, token } = await leaveTurn(edge)
  await attempt.own()
  const end = attempt.loseEnd()
  edge.worker.result = (_, userId) => (userId === 1 ? { state: 'ended', frame: end } : { state: 'unknown' })
  using chat = await edge.connect({ assertion: { userId: 66 } })
  const own = await chat.next('welcome')
  const unknown = makeConversationId()
  const strip = (frame: object) => ({ ...frame, session_id: null })
  resume(chat, own.resume_token, { session_id: unknown })
  const expected = strip(await chat.next('unrecoverable'))
  expect(expected).toMatchObject({ reason: 'unknown' })
  for (const stolen of [token, own.resume_token]) {
    resume(chat, stolen, { session_id: attempt.turn.session_id })
    expect(strip(await chat.next('unrecoverable'))).toEqual(expected)
  }
  attempt.say('secret')
  attempt.finish()
  expect(await chat.settle()).toEqual([])
  chat.say('mine')
  expect((await edge.worker.takeTurn()).turn.conversation_id).toBe(own.conversation_id)
})

test('more resumes than one connection may have - the others have to wait', async () => {
  const { token } = await leaveTurn(edge)
  edge.worker.result = () => ({ state: 'queued' })
  using chat = await comeBack(edge)
  for (let count = 0; count < 3; count += 1) resume(chat, token, { session_id: makeConversationId() })
  const frames = await chat.until('error')
  expect(frames.at(-1)).toMatchObject({ code: 'queue_full', retry_after_ms: expect.any(Number) })
})
