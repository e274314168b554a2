import { expect, test } from 'vitest'
import { isConnectFailure } from './is-connect-failure.ts'

const failed = (code: string, syscall?: string) => Object.assign(new Error(code), { code, syscall })

test.each([
  ['ECONNREFUSED', 'connect'],
  ['EHOSTUNREACH', 'connect'],
  ['ETIMEDOUT', 'connect'],
  ['ENOTFOUND', 'getaddrinfo'],
  ['ENOENT', 'spawn notes-server'],
  ['UND_ERR_CONNECT_TIMEOUT', undefined],
])('%s of %s - nothing was sent', (code, syscall) =>
  expect(isConnectFailure(failed(code, syscall))).toBe(true),
)

test.each([
  ['EHOSTUNREACH', 'read'],
  ['ENETUNREACH', 'write'],
  ['ECONNRESET', 'read'],
  ['EACCES', 'open'],
  ['ENOENT', undefined],
])('%s of %s - something may have been sent', (code, syscall) =>
  expect(isConnectFailure(failed(code, syscall))).toBe(false),
)
