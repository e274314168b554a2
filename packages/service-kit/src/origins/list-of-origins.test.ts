import { expect, test } from 'vitest'
import { listOfOrigins } from './list-of-origins.ts'

test('takes origins as browsers write them', () => {
  const text = 'https://chat.example.org, http://localhost:5173,https://[::1]:8443,http://127.0.0.1:8080,'
  expect(listOfOrigins.parse(text)).toEqual([
    'https://chat.example.org',
    'http://localhost:5173',
    'https://[::1]:8443',
    'http://127.0.0.1:8080',
  ])
})

test.each([
  ['https://chat.example.org/', 'ends with a slash'],
  ['https://chat.example.org/app', 'has a path'],
  ['https://chat.example.org?x', 'has a path'],
  ['https://chat.example.org#x', 'has a path'],
  ['*', 'has a wildcard'],
  ['https://*.example.org', 'has a wildcard'],
  ['chat.example.org', 'does not begin with http'],
  ['null', 'does not begin with http'],
  ['ws://chat.example.org', 'does not begin with http'],
  ['https://', 'is no URL'],
  ['https://Chat.example.org', 'is not as browsers write it'],
  ['HTTPS://chat.example.org', 'is not as browsers write it'],
  ['https://chat.example.org:443', 'is not as browsers write it'],
  ['https://me:secret@chat.example.org', 'is not as browsers write it'],
])('refuses %s, says which and why, and repeats nothing of it', (word, why) => {
  const { error } = listOfOrigins.safeParse(`http://localhost:8080,${word}`)
  const [issue, ...more] = error?.issues ?? []
  expect(more).toEqual([])
  expect(issue?.message).toContain(`number 2 ${why}`)
  expect(issue?.message).not.toContain('me:secret')
})
