import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideTool } from './decide-tool.ts'
import { findServers } from './find-servers.ts'
import { parseRestrictions } from './parse-restrictions.ts'

/**
 * The rules of `tool_restrictions`, written once more: slowly, from their description, sharing nothing with what they
 * are held against. Patterns here are made of letters, `*` and `?` only.
 */
function mayUse(server: string, tool: string, access: unknown, stored: unknown): boolean {
  const listed: unknown[] = Array.isArray(access) ? access : []
  if (!listed.some((name) => name === '*' || name === server)) return false
  if (stored === null || stored === undefined) return true
  if (typeof stored !== 'object' || Array.isArray(stored)) return false
  const mine = Object.entries(stored).filter(([name]) => name === server)
  if (mine.length === 0) return true
  return mayUseEntry(tool, mine[0]?.[1])
}

function mayUseEntry(tool: string, entry: unknown): boolean {
  if (entry === null) return true
  if (Array.isArray(entry)) return isReadable(entry) && entry.some((pattern) => fits(tool, pattern))
  if (typeof entry !== 'object') return false
  const fields = new Map<string, unknown>(Object.entries(entry))
  if (fields.has('mode')) return mayUseMode(tool, fields)
  for (const name of fields.keys()) if (!['tools', 'resources', 'prompts'].includes(name)) return false
  const tools = fields.get('tools')
  if (tools === undefined) return true
  if (tools !== null && typeof tools === 'object' && !Array.isArray(tools) && !('mode' in tools)) return false
  return mayUseEntry(tool, tools)
}

function mayUseMode(tool: string, fields: Map<string, unknown>): boolean {
  const mode = fields.get('mode')
  const tools = fields.get('tools')
  if (mode === 'all') return true
  if ((mode !== 'allow' && mode !== 'deny') || !Array.isArray(tools) || !isReadable(tools)) return false
  const isNamed = tools.some((pattern) => fits(tool, pattern))
  return mode === 'allow' ? isNamed : !isNamed
}

const isReadable = (list: unknown[]): list is string[] =>
  list.every((pattern) => typeof pattern === 'string' && /^[ab_*?]+$/.test(pattern))

/** Matches letter by letter, trying every length for a star. */
function fits(text: string, pattern: string): boolean {
  if (pattern === '') return text === ''
  const [first, rest] = [pattern[0], pattern.slice(1)]
  if (first === '*')
    return Array.from({ length: text.length + 1 }, (_, length) => length).some((length) =>
      fits(text.slice(length), rest),
    )
  return text !== '' && (first === '?' || first === text[0]) && fits(text.slice(1), rest)
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 4 })
/** Names that are offered nowhere are decided the same way. */
const toolName = fc.string({
  unit: fc.constantFrom('a', 'b', '_', '\n', '\u2028', '.'),
  minLength: 1,
  maxLength: 4,
})
const pattern = fc.oneof(
  letters,
  fc.string({ unit: fc.constantFrom('a', 'b', '_', '*', '?'), minLength: 1, maxLength: 4 }),
  fc.constantFrom('*', 'a*', '*b', '?'),
)
const junk = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(''),
  fc.string({ unit: fc.constantFrom('a', '*', '{', '[', ' ', '\n', 'ü'), maxLength: 3 }),
  fc.constant(null),
  fc.constant([]),
)
const list = fc.oneof(
  { weight: 4, arbitrary: fc.array(pattern, { maxLength: 3 }) },
  fc.array(fc.oneof(pattern, junk), { maxLength: 3 }),
)
const mode = fc.record(
  { mode: fc.oneof(fc.constantFrom('all', 'none', 'allow', 'deny'), junk), tools: fc.oneof(list, junk) },
  { requiredKeys: [] },
)
const kinds = fc.record(
  { tools: fc.oneof(list, mode, junk), resources: fc.oneof(list, junk), prompts: junk, other: junk },
  { requiredKeys: [] },
)
const entry = fc.oneof(list, mode, kinds, junk)
const server = fc.constantFrom('files', 'mail', 'web')
const stored = fc.oneof(
  { weight: 6, arbitrary: fc.dictionary(server, entry) },
  fc.constantFrom(null, undefined, {}),
  junk,
  list,
)
const access = fc.oneof(fc.subarray(['files', 'mail', '*']), fc.constant(null))

test('every stored shape decides as its description says', () => {
  let permitted = 0
  fc.assert(
    fc.property(server, toolName, access, stored, (name, tool, listed, value) => {
      const { permitted: servers } = findServers(listed, ['files', 'mail', 'web'])
      const decision = decideTool(
        { server: name, name: tool },
        { servers, restrictions: parseRestrictions(value) },
      )
      if (decision.permitted) permitted += 1
      expect(decision.permitted).toBe(mayUse(name, tool, listed, value))
      expect(decision.rule).not.toBe('')
    }),
    { numRuns: 20_000 },
  )
  // The shapes are made so that both answers are common; otherwise this would hold nothing.
  expect(permitted).toBeGreaterThan(1000)
  expect(permitted).toBeLessThan(19_000)
})
