import { afterEach, expect, test, vi } from 'vitest'
import { parseDeploymentUrl } from './deployment-url.ts'

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['https://chat.example.org', 'https://chat.example.org'],
  ['https://chat.example.org/', 'https://chat.example.org'],
  ['https://chat.example.org///', 'https://chat.example.org'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['https://example.org/omni2', 'https://example.org/omni2'],
  ['https://example.org/omni2/', 'https://example.org/omni2'],
  ['https://example.org/omni2/?from=mail#top', 'https://example.org/omni2'],
  ['wss://example.org/omni2/', 'https://example.org/omni2'],
  ['ws://localhost:8080/', 'http://localhost:8080'],
])('%s is %s', (text, expected) => {
  expect(parseDeploymentUrl(text)).toBe(expected)
})

test.each([
  '',
  'chat.example.org',
  '/omni2',
  'ftp://example.org',
  'localhost:8080',
  'https://ada:secret@x.org',
])('%j is refused with what to give', (text) => {
  expect(() => parseDeploymentUrl(text)).toThrow(
    expect.objectContaining({ code: 'invalid_url', message: expect.stringContaining('https://chat.') }),
  )
})

test('in a page the address may be relative', () => {
  vi.stubGlobal('location', { href: 'https://example.org/omni2/chat.html?x=1' })
  expect(parseDeploymentUrl('.')).toBe('https://example.org/omni2')
  expect(parseDeploymentUrl('/')).toBe('https://example.org')
})
