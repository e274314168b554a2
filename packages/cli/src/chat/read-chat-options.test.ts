import { expect, test } from 'vitest'
import { readChatOptions } from './read-chat-options.ts'

const folders = { root: '/clone', current: '/clone/somewhere' }
const read = (args: readonly string[], env = {}) => readChatOptions(args, { folders, env })

test('without arguments the developer of this clone chats over a socket', () => {
  expect(read([])).toEqual({
    url: undefined,
    user: 'developer',
    password: undefined,
    sse: false,
    conversation: undefined,
    dataFolder: '/clone/.omni2',
  })
})

test('everything can be said', () => {
  const args = ['--url', 'https://chat.example.org', '--user', 'ada', '--data', 'mine']
  expect(read([...args, '--conversation', 'c'], { OMNI2_PASSWORD: 'x' })).toMatchObject({
    url: 'https://chat.example.org',
    user: 'ada',
    password: 'x',
    conversation: 'c',
    dataFolder: '/clone/somewhere/mine',
  })
  expect(read(['-h'])).toBe('help')
})

test.each([
  [['--sse', '--conversation', 'c'], '--conversation: messages over --sse belong to no conversation'],
  [['--url', 'chat.example.org'], '--url: must be an http or https URL'],
  [['--url', 'ws://chat.example.org'], '--url: must be an http or https URL'],
  [
    ['--password', 'x'],
    '--password: a command line can be read by others; set OMNI2_PASSWORD, or leave it out to be asked for it',
  ],
  [['--nope'], "Unknown option '--nope' (npm run chat -- --help lists the options)"],
])('%j is refused with one line', (args, message) => {
  expect(() => read(args)).toThrow(expect.objectContaining({ message, exitCode: 2 }))
})
