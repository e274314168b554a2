import { expect, test } from 'vitest'
import {
  clientFrameSchema,
  closeCodes,
  encodeTurnFrame,
  errorCodes,
  fitCloseReason,
  makeConversationId,
  makeTurnId,
  serverFrameSchema,
  serverFrameTypes,
  subjects,
} from './index.ts'

const id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

test('the same message sent again is the same turn, and no other user’s', () => {
  const turn = { userId: 1, conversationId: id, clientMsgId: 'm1' }
  expect(makeTurnId(turn)).toBe(makeTurnId({ ...turn }))
  const others = [
    { userId: 2 },
    { conversationId: makeConversationId() },
    { clientMsgId: 'm2' },
    { conversationId: null },
  ]
  for (const other of others) expect(makeTurnId({ ...turn, ...other })).not.toBe(makeTurnId(turn))
  const unnamed = { userId: 1, conversationId: id }
  expect(makeTurnId(unnamed)).not.toBe(makeTurnId(unnamed))
})

test.each(['*', '>', 'a.b', 'chat.turns', '', ' ', `${id}.x`, id.toUpperCase()])(
  'no subject is built from %j',
  (text) => {
    expect(() => subjects.flowEvents(text)).toThrow(TypeError)
    expect(() => subjects.repliesOfConversation(text)).toThrow(TypeError)
    expect(() => subjects.reply({ session_id: id, conversation_id: text }, 'token')).toThrow(TypeError)
  },
)

test('a turn without a conversation has its frames below its own id', () => {
  expect(subjects.reply({ session_id: id, conversation_id: null }, 'done')).toBe(
    `chat.replies.${id}.${id}.done`,
  )
})

test('frames of the seed’s clients are understood, extra fields included', () => {
  expect(clientFrameSchema.parse({ type: 'message', text: 'Hello', model: 'x' })).toMatchObject({
    text: 'Hello',
  })
  expect(clientFrameSchema.safeParse({ type: 'cancel' }).success).toBe(false)
  expect(clientFrameSchema.safeParse({ type: 'cancel', session_id: id, client_msg_id: 'a' }).success).toBe(
    false,
  )
})

test('a frame that the worker writes is one that clients are promised', () => {
  const frame = encodeTurnFrame(
    { type: 'token', session_id: id, attempt: 1, from: 2, seq: 2 },
    { text: 'Hé 👋' },
  )
  expect(serverFrameSchema.parse(JSON.parse(new TextDecoder().decode(frame)))).toMatchObject({
    text: 'Hé 👋',
  })
  expect(new Set(serverFrameTypes).size).toBe(serverFrameTypes.length)
})

test('every code says what to do', () => {
  for (const { text, action } of Object.values(errorCodes)) expect(text && action).toMatch(/\.$|[a-z]$/)
  for (const { action } of Object.values(closeCodes)) expect(action).toMatch(/\.$/)
})

test('close reasons fit their frame without breaking a character', () => {
  expect(fitCloseReason('Account inactive')).toBe('Account inactive')
  const fitted = fitCloseReason(`Access blocked: ${'é'.repeat(200)}`)
  expect(new TextEncoder().encode(fitted).length).toBeLessThanOrEqual(123)
  expect(fitted).toMatch(/^Access blocked: é+…$/)
})
