import { expect, test } from 'vitest'
import { checkOrigin } from './check-origin.ts'

const isAllowed = (origin: string | undefined, host: string | undefined, allowed: string[] = []) => {
  try {
    checkOrigin({ origin, host }, { allowed })
    return true
  } catch {
    return false
  }
}

test.each<[string | undefined, string | undefined, boolean]>([
  [undefined, 'chat.example.org', true],
  ['https://chat.example.org', 'chat.example.org', true],
  ['https://chat.example.org', 'Chat.Example.org', true],
  ['http://localhost:8080', 'localhost:8080', true],
  ['http://localhost:8081', 'localhost:8080', false],
  ['https://chat.example.org.evil.example', 'chat.example.org', false],
  ['https://evil.example', 'chat.example.org', false],
  ['null', 'null', false],
  ['null', '', false],
  ['', '', false],
  ['https://chat.example.org', undefined, false],
])('without a list: %s at %s - %s', (origin, host, allowed) => {
  expect(isAllowed(origin, host)).toBe(allowed)
})

test('with a list: exactly what stands in it', () => {
  const allowed = ['https://chat.example.org']
  expect(isAllowed('https://chat.example.org', 'edge', allowed)).toBe(true)
  expect(isAllowed('http://chat.example.org', 'edge', allowed)).toBe(false)
  expect(isAllowed('https://edge', 'edge', allowed)).toBe(false)
})
