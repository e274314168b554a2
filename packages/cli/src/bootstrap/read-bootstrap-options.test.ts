import { expect, test } from 'vitest'
import { readBootstrapOptions } from './read-bootstrap-options.ts'

test('a username is enough', () => {
  expect(readBootstrapOptions(['ada'])).toMatchObject({
    username: 'ada',
    name: 'ada',
    email: null,
    force: false,
    json: false,
  })
  expect(readBootstrapOptions(['--help'])).toBe('help')
})

test.each([
  [[], /^usage: npm run admin -- bootstrap <username>/],
  [['a', 'b'], /^usage: npm run admin -- bootstrap <username>/],
  [['a b'], /^username: must begin with a letter or digit/],
  [['42'], /^username: must not be a number/],
  [['ada', '--email', 'nowhere'], /^--email: must be an e-mail address/],
  [['ada', '--name', ''], /^--name: must not be empty/],
  [['ada', '--password', 'x'], /^--password: a command line can be read by others; set OMNI2_PASSWORD/],
  [['ada', '--nope'], /^Unknown option '--nope' \(npm run admin -- bootstrap --help lists the options\)/],
])('%j is refused', (args, message) => {
  expect(() => readBootstrapOptions(args)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
  )
})
