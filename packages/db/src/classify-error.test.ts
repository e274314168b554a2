import { expect, test } from 'vitest'
import { isConnectionLost, isSessionStale, isTransient, isUniqueViolation } from './classify-error.ts'

const withCode = (code: string, constraint?: string) => Object.assign(new Error('x'), { code, constraint })

test.each([
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08P01',
  '53300',
  '25P03',
  '25P04',
  '25006',
  '28P01',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
])('code %s - the connection is lost', (code) => {
  expect(isConnectionLost(withCode(code))).toBe(true)
})

test.each(['23505', '57014', '42P01', '40001', '22P02', 'ERR_INVALID_ARG_TYPE'])(
  'code %s - the connection is not lost',
  (code) => {
    expect(isConnectionLost(withCode(code))).toBe(false)
  },
)

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
  'Query read timeout',
])('%s - the connection is lost', (message) => {
  expect(isConnectionLost(new Error(message))).toBe(true)
})

test('refused on every address of a name - the connection is lost, although the error has no message', () => {
  const refused = Object.assign(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]), {
    code: 'ECONNREFUSED',
  })
  expect(isConnectionLost(refused)).toBe(true)
})

test('what is no error of a connection - is not one', () => {
  for (const value of [undefined, null, 'ECONNREFUSED', {}, new Error('Connection of ideas')]) {
    expect(isConnectionLost(value)).toBe(false)
  }
})

test('what a session is or holds - ends it; other failures leave it as it is', () => {
  const stalePlan = Object.assign(withCode('0A000'), { routine: 'RevalidateCachedQuery' })
  expect([withCode('25006'), withCode('26000'), stalePlan].map(isSessionStale)).toEqual([true, true, true])
  expect([withCode('0A000'), withCode('23505'), undefined].map(isSessionStale)).toEqual([false, false, false])
  expect([withCode('26000'), stalePlan].map(isTransient)).toEqual([true, true])
})

test('a unique violation - of any key, or of the one asked for', () => {
  const error = withCode('23505', 'users_username_key')
  expect(isUniqueViolation(error)).toBe(true)
  expect(isUniqueViolation(error, 'users_username_key')).toBe(true)
  expect(isUniqueViolation(error, 'users_email_key')).toBe(false)
  expect(isUniqueViolation(withCode('23503'))).toBe(false)
  expect(isUniqueViolation(undefined)).toBe(false)
})
