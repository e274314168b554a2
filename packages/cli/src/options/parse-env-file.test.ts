import { expect, test } from 'vitest'
import { parseEnvFile } from './parse-env-file.ts'

test('reads plain, quoted and exported values, and skips comments', () => {
  const text = [
    '# comment',
    '',
    'PLAIN=one two # three',
    'HASH=a#b',
    `QUOTED="x # y" # z`,
    "SINGLE='$HOME'",
    'export  SHELL_STYLE = yes',
    'EMPTY=',
    'URL=postgres://u:p=1@h/db?x=y',
  ].join('\r\n')
  expect(parseEnvFile(text, '.env')).toEqual({
    PLAIN: 'one two',
    HASH: 'a#b',
    QUOTED: 'x # y',
    SINGLE: '$HOME',
    SHELL_STYLE: 'yes',
    EMPTY: '',
    URL: 'postgres://u:p=1@h/db?x=y',
  })
})

test.each([
  ['GOOD=1\nnot an assignment', '.env, line 2: expected NAME=value'],
  ['1BAD=x', '.env, line 1: expected NAME=value'],
  ['\n\nKEY="secret', '.env, line 3: the quotes around KEY do not match'],
  [`KEY='a'b`, '.env, line 1: the quotes around KEY do not match'],
])('names the bad line of %j and shows no value', (text, message) => {
  expect(() => parseEnvFile(text, '.env')).toThrow(expect.objectContaining({ message }))
})
