import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, listOfWords, readConfig, share, wholeNumber } from './config.ts'
import { namedValues } from './named-values.ts'

const schema = z.object({
  PORT: wholeNumber({ min: 1, max: 65_535 }).default(8080),
  SECRET: z.string().min(3),
  ORIGINS: listOfWords.default([]),
})

test('fills in defaults and freezes what it read', () => {
  const config = readConfig(schema, { SECRET: 'abc', ORIGINS: 'a, b', PORT: '' })
  expect(config).toEqual({ PORT: 8080, SECRET: 'abc', ORIGINS: ['a', 'b'] })
  expect(Object.isFrozen(config)).toBe(true)
})

test('names every bad variable at once and no value', () => {
  const read = () => readConfig(schema, { PORT: 'hunter2' })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(/PORT: must be a whole number\n {2}SECRET: is not set/)
  expect(read).not.toThrow(/hunter2/)
})

test('reads a secret from the file that NAME_FILE names', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'config-'))
  const file = join(folder.path, 'secret')
  writeFileSync(file, 'from file\n')
  expect(readConfig(schema, { SECRET_FILE: file }).SECRET).toBe('from file')
  expect(() => readConfig(schema, { SECRET_FILE: file, SECRET: 'abc' })).toThrow('not both')
  expect(problemsOf(schema, { SECRET_FILE: `${file}.missing`, PORT: 'x' })).toEqual([
    'SECRET_FILE: the file cannot be read',
    'PORT: must be a whole number',
  ])
})

const withChecks = z
  .object({
    MODE: z.enum(['open', 'closed'], 'must be open or closed').default('open'),
    KEY: z.string().min(3, 'is too short').optional(),
    FROM: wholeNumber().default(1),
    TO: wholeNumber().default(9),
  })
  .refine(({ MODE, KEY }) => MODE === 'open' || KEY !== undefined, {
    path: ['KEY'],
    message: 'goes with closed',
  })
  .refine(({ FROM, TO }) => FROM < TO, { path: ['TO'], message: 'must be above FROM' })

test.each([
  [
    'two that hold of good variables',
    { MODE: 'closed', FROM: '9' },
    ['KEY: goes with closed', 'TO: must be above FROM'],
  ],
  [
    'one beside a bad variable',
    { MODE: 'shut', FROM: '9' },
    ['MODE: must be open or closed', 'TO: must be above FROM'],
  ],
  [
    'one beside the other',
    { MODE: 'closed', TO: 'x' },
    ['TO: must be a whole number', 'KEY: goes with closed'],
  ],
  [
    'none that reads a bad variable',
    { MODE: 'closed', KEY: 'ab', FROM: 'z' },
    ['KEY: is too short', 'FROM: must be a whole number'],
  ],
  [
    'none that reads a file which is not there',
    { MODE: 'closed', KEY_FILE: '/nowhere/key' },
    ['KEY_FILE: the file cannot be read'],
  ],
])('checks across variables - %s', (_what, env, problems) => {
  expect(problemsOf(withChecks, env)).toEqual(problems)
})

test('an error of a check itself is not taken for a bad variable', () => {
  const broken = z.object({ PORT: wholeNumber() }).refine(() => {
    throw new TypeError('broken check')
  })
  expect(() => readConfig(broken, { PORT: '1' })).toThrow(TypeError)
})

function problemsOf(checked: z.ZodObject, env: Record<string, string>): readonly string[] {
  try {
    readConfig(checked, env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('reads a share and named values, and refuses what is neither', () => {
  const tracing = z.object({ SHARE: share.default(1), HEADERS: namedValues.optional() })
  expect(readConfig(tracing, { SHARE: '0.25', HEADERS: 'authorization=Basic%20YQ==, x-team=chat' })).toEqual({
    SHARE: 0.25,
    HEADERS: { authorization: 'Basic YQ==', 'x-team': 'chat' },
  })
  for (const env of [{ SHARE: '1.5' }, { SHARE: '-1' }, { HEADERS: 'token' }, { HEADERS: 'a=%zz' }])
    expect(() => readConfig(tracing, env)).toThrow(/SHARE: must|HEADERS: must|SHARE: Too big/)
})
