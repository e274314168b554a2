import { expect, test } from 'vitest'
import { readChatOptions } from './read-chat-options.ts'

const folders = { root: '/clone', current: '/clone/somewhere' }

test('without arguments the developer of this clone chats over a socket', () => {
  expect(readChatOptions([], folders)).toEqual({
    url: undefined,
    user: 'developer',
    password: undefined,
    sse: false,
    conversation: undefined,
    dataFolder: '/clone/.omni2',
  })
})

test('everything can be said', () => {
  const args = ['--url', 'https://chat.example.org', '--user', 'ada', '--password', 'x', '--data', 'mine']
  expect(readChatOptions([...args, '--conversation', 'c'], folders)).toMatchObject({
    url: 'https://chat.example.org',
    user: 'ada',
    password: 'x',
    conversation: 'c',
    dataFolder: '/clone/somewhere/mine',
  })
  expect(readChatOptions(['-h'], folders)).toBe('help')
})

test.each([
  [['--sse', '--conversation', 'c'], '--conversation: messages over --sse belong to no conversation'],
  [['--url', 'chat.example.org'], '--url: must be an http or https URL'],
  [['--url', 'ws://chat.example.org'], '--url: must be an http or https URL'],
  [['--nope'], "Unknown option '--nope' (npm run chat -- --help lists the options)"],
])('%j is refused with one line', (args, message) => {
  expect(() => readChatOptions(args, folders)).toThrow(expect.objectContaining({ message, exitCode: 2 }))
})
