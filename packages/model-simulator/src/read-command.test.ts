import { expect, test } from 'vitest'
import { defaultConfig } from './config.ts'
import { help, readCommand } from './read-command.ts'

test('without flags the defaults hold', () => {
  expect(readCommand([])).toEqual(defaultConfig)
})

test('every flag is read', () => {
  const flags =
    '--port 4010 --host ::1 --pace-ms 5 --first-token-ms 7 --tokens 9 --models claude-a,claude-b --log-entries 3'
  expect(readCommand(flags.split(' '))).toEqual({
    ...defaultConfig,
    port: 4010,
    host: '::1',
    paceMs: 5,
    firstTokenMs: 7,
    tokens: 9,
    models: ['claude-a', 'claude-b'],
    maxLogEntries: 3,
  })
  for (const flag of flags.match(/--[\w-]+/g) ?? []) expect(help).toContain(flag)
})

test.each([
  ['--port=70000', '--port needs a whole number from 0 to 65535, got "70000"'],
  ['--pace-ms=-1', '--pace-ms needs'],
  ['--colour', '--colour'],
])('%s is refused', (flag, message) => {
  expect(() => readCommand([flag])).toThrow(message)
})
