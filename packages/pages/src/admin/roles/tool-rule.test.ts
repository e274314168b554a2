import { expect, test } from 'vitest'
import { readRule, writeRule } from './tool-rule.ts'

test.each([
  [undefined, 'all', undefined],
  [null, 'all', undefined],
  [['*'], 'all', undefined],
  [[], 'none', []],
  [['read_*'], 'allow', ['read_*']],
  [{ mode: 'all' }, 'all', undefined],
  [{ mode: 'none' }, 'none', []],
  [{ mode: 'allow', tools: ['a'] }, 'allow', ['a']],
  [{ mode: 'deny', tools: ['a'] }, 'deny', { mode: 'deny', tools: ['a'] }],
  [{ tools: ['a'] }, 'allow', ['a']],
  [{ tools: ['a'], prompts: [] }, 'stored', { tools: ['a'], prompts: [] }],
  [{ mode: 'deny' }, 'stored', { mode: 'deny' }],
  [7, 'stored', 7],
])('%j is shown as %s and written as %j', (entry, mode, written) => {
  expect(readRule(entry).mode).toBe(mode)
  expect(writeRule(readRule(entry))).toEqual(written)
})
