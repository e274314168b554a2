import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, listOfWords, readConfig, share, switchValue, wholeNumber } from './config.ts'
import { namedValues } from './named-values.ts'

const schema = z.object({
  PORT: wholeNumber({ min: 1, max: 65_535 }).default(8080),
  SECRET: z.string().min(3),
  ORIGINS: listOfWords.default([]),
  QUIET: switchValue.default(false),
})

test('fills in defaults and freezes what it read', () => {
  const config = readConfig(schema, { SECRET: 'abc', ORIGINS: 'a, b', PORT: '' })
  expect(config).toEqual({ PORT: 8080, SECRET: 'abc', ORIGINS: ['a', 'b'], QUIET: false })
  expect(Object.isFrozen(config)).toBe(true)
})

test('names every bad variable at once and no value', () => {
  const read = () => readConfig(schema, { PORT: 'hunter2', QUIET: 'maybe' })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(
    /PORT: must be a whole number\n {2}SECRET: is not set\n {2}QUIET: must be true or false/,
  )
  expect(read).not.toThrow(/hunter2/)
})

test('reads a secret from the file that NAME_FILE names', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'secret')
  writeFileSync(file, 'from file\n')
  expect(readConfig(schema, { SECRET_FILE: file }).SECRET).toBe('from file')
  expect(() => readConfig(schema, { SECRET_FILE: file, SECRET: 'abc' })).toThrow('not both')
  expect(() => readConfig(schema, { SECRET_FILE: `${file}.missing` })).toThrow('cannot be read')
})

test('reads a share and named values, and refuses what is neither', () => {
  const tracing = z.object({ SHARE: share.default(1), HEADERS: namedValues.optional() })
  expect(readConfig(tracing, { SHARE: '0.25', HEADERS: 'authorization=Basic%20YQ==, x-team=chat' })).toEqual({
    SHARE: 0.25,
    HEADERS: { authorization: 'Basic YQ==', 'x-team': 'chat' },
  })
  for (const env of [{ SHARE: '1.5' }, { SHARE: '-1' }, { HEADERS: 'token' }, { HEADERS: 'a=%zz' }])
    expect(() => readConfig(tracing, env)).toThrow(/SHARE: must|HEADERS: must|SHARE: Too big/)
})
