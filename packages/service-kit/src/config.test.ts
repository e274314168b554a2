import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, listOfWords, readConfig, switchValue, wholeNumber } from './config.ts'

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
