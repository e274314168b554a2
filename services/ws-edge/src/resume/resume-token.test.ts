import { expect, test } from 'vitest'
import { checkResumeToken, makeResumeToken } from './resume-token.ts'

const secret = 'v9Qd3nRk7TzLw1XbGyHc5MpEs8UaJf2W'
const claims = {
  conversation_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
  user_id: 7,
  expires_at: 1000,
}
const token = makeResumeToken(claims, { secret })

test('a token names its conversation and user until it expires', () => {
  expect(checkResumeToken(token, { secret, now: 999 })).toEqual({ valid: true, claims })
  expect(checkResumeToken(token, { secret, now: 1000 })).toEqual({ valid: false, reason: 'expired_token' })
})

test('a token of another secret is bad, also when it has expired', () => {
  const other = { secret: `${secret}x`, now: 2000 }
  expect(checkResumeToken(token, other)).toEqual({ valid: false, reason: 'bad_token' })
})

const [payload = '', signature = ''] = token.split('.')
const forged = Buffer.from(JSON.stringify({ ...claims, user_id: 1 })).toString('base64url')

test.each([
  ['nothing', ''],
  ['no signature', payload],
  ['an empty signature', `${payload}.`],
  ['a cut signature', `${payload}.${signature.slice(0, -4)}`],
  ['other claims under the signature', `${forged}.${signature}`],
  ['a third part', `${token}.x`],
  ['words', 'let me in'],
])('%s is bad', (_what, given) => {
  expect(checkResumeToken(given, { secret, now: 0 })).toEqual({ valid: false, reason: 'bad_token' })
})

test('invalid claims are bad, whatever key signed them', () => {
  const signed = makeResumeToken({ ...claims, user_id: 0 }, { secret })
  expect(checkResumeToken(signed, { secret, now: 0 })).toEqual({ valid: false, reason: 'bad_token' })
})
