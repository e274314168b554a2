import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findTool, nameTool } from './name-tool.ts'

/** Words around the edges of the mapping: separators, hashes, other scripts, lengths. */
const word = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '_', '-', 'h', '0'), minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 80 }),
  fc.constantFrom('files', 'a__b', 'x_', '_x', 'tool_h0123456789ab', '工具', 'a.b', 'a/b'),
)
const pair = fc.tuple(word, word)

test('a name is one that the model API takes, and leads back to its tool among any others', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pair, { selector: (it) => JSON.stringify(it), maxLength: 40 }), (pairs) => {
      const offered = pairs.map(([server, tool]) => ({ server, tool, name: nameTool(server, tool) }))
      for (const tool of offered) {
        expect(tool.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
        expect(findTool(tool.name, offered)).toBe(tool)
      }
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['files', 'read_file', 'files__read_file'],
  ['my-files', '_read', 'my-files___read'],
])('%s and %s are named plainly', (server, tool, name) => {
  expect(nameTool(server, tool)).toBe(name)
})

test.each([
  ['a', 'b.c'],
  ['a__b', 'c'],
  ['a_', 'b'],
  ['a', 'b'.repeat(70)],
  ['a', 'b_h0123456789ab'],
])('%s and %s get a readable part and a hash', (server, tool) => {
  expect(nameTool(server, tool)).toMatch(/^a_.*_h[0-9a-f]{12}$/)
})
