import { SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { classifyToolFailure, isWorthRetrying } from './classify-tool-failure.ts'
import { SessionLostError } from './tool-errors.ts'

const failed = (code: string, syscall?: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, syscall }) })

test('a network that went away while an answer was waited for - the server may have acted', () => {
  const error = failed('EHOSTUNREACH', 'read')
  expect(classifyToolFailure(error).kind).toBe('broken')
  expect(isWorthRetrying(error, false)).toBe(false)
})

test('a network that was away before - nothing was sent', () => {
  expect(isWorthRetrying(failed('EHOSTUNREACH', 'connect'), false)).toBe(true)
  expect(isWorthRetrying(failed('UND_ERR_CONNECT_TIMEOUT'), false)).toBe(true)
})

test('400 and 404 - nothing was done only where they are said of a session', () => {
  const refused = new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, 'refused', { status: 404 })
  expect(classifyToolFailure(refused).kind).toBe('broken')
  expect(classifyToolFailure(new SessionLostError('lost', { cause: refused })).kind).toBe('unsent')
})
