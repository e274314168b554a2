import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toolRestrictionsSchema } from './tool-restrictions.ts'
import { parseRestrictions } from './parse-restrictions.ts'

const pattern = fc.constantFrom('*', 'read_*', 'file.write', 'log?', '[a-c]x', '{one,two}_*', '{', '', 'ä')
const names = fc.array(pattern, { maxLength: 3 })
const modeRule = fc.record(
  { mode: fc.constantFrom('all', 'none', 'allow', 'deny', 'some'), tools: names },
  { requiredKeys: ['mode'] },
)
const rule = fc.oneof(names, modeRule)
const entry = fc.oneof(
  rule,
  fc.record({ tools: rule, resources: rule, prompts: rule }, { requiredKeys: [] }),
  fc.constant(null),
)

test('parseRestrictions - whatever may be written for a role - is read by a worker', () => {
  let written = 0
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('files', 'mail'), entry), (restrictions) => {
      if (!toolRestrictionsSchema.safeParse(restrictions).success) return
      written += 1
      const read = parseRestrictions(restrictions)
      if (read === 'unreadable') throw new Error('the whole value is unreadable')
      expect([...read.values()].map(({ mode }) => mode)).not.toContain('unreadable')
    }),
    { numRuns: 2000 },
  )
  expect(written).toBeGreaterThan(200)
})
