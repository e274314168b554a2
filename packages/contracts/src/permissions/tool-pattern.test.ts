import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseToolPattern, toolPatternLength } from './tool-pattern.ts'

/** Matches character by character, trying every length for a star and every branch of braces: slow and plain. */
function fits(name: readonly string[], pattern: string): boolean {
  if (pattern === '') return name.length === 0
  if (pattern.startsWith('*'))
    return Array.from({ length: name.length + 1 }, (_, length) => name.slice(length)).some((rest) =>
      fits(rest, pattern.slice(1)),
    )
  if (pattern.startsWith('{')) {
    const { branches, rest } = splitBraces(pattern)
    return branches.some((branch) => fits(name, branch + rest))
  }
  const [, set] = /^\[([^\]]*)\]/.exec(pattern) ?? []
  const width = set === undefined ? 1 : set.length + 2
  const [character, ...others] = name
  if (character === undefined || !fits(others, pattern.slice(width))) return false
  if (set === undefined) return pattern.startsWith('?') || pattern.startsWith(character)
  // A set is what a regular expression without flags for case or lines means by it.
  return new RegExp(`^[${set.replace(/^!/, '^').replaceAll('.', '\\.')}]$`, 'su').test(character)
}

/** The branches of the braces that a pattern begins with, and what follows them. */
function splitBraces(pattern: string): { branches: string[]; rest: string } {
  const branches = ['']
  let depth = 0
  for (const [at, character] of Array.from(pattern).entries()) {
    if (character === '{') depth += 1
    if (character === '}') depth -= 1
    if (depth === 0) return { branches, rest: pattern.slice(at + 1) }
    if (character === ',' && depth === 1) branches.push('')
    else if (at > 0) branches[branches.length - 1] += character
  }
  throw new Error('unbalanced')
}

const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', '.', '_') },
  fc.constantFrom('*', '?', '**', '[ab]', '[a-c]', '[!a]', '[^b-z]', '[.]', '[-a]', '[a-]'),
)
const flat = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''))
const braces = (inner: fc.Arbitrary<string>) =>
  fc
    .tuple(flat, fc.array(inner, { minLength: 2, maxLength: 3 }), flat)
    .map(([before, branches, after]) => `${before}{${branches.join(',')}}${after}`)
const pattern = fc.oneof(flat, braces(fc.oneof(flat, braces(flat))))
/** Also characters that regular expressions and paths treat as something else. */
const name = fc
  .array(fc.constantFrom('a', 'b', 'c', '.', '_', '\n', '\r', '\u2028', '/', '😀', '\ud83d', '-'), {
    maxLength: 6,
  })
  .map((characters) => characters.join(''))

/** A name that is made after a pattern, so that most often they fit. */
const fillIn = (text: string, filling: string): string =>
  text
    .replaceAll(/\{([^{},]*),[^{}]*\}/g, '$1')
    .replaceAll(/\[[^\]]+\]/g, 'a')
    .replaceAll(/[*?]/g, filling)
const pair = fc
  .tuple(pattern, name, fc.constantFrom('', 'b', '\n', '😀'), fc.boolean())
  .map(([text, other, filling, isMade]) => ({ text, whole: isMade ? fillIn(text, filling) : other }))

test('a pattern matches what its description says, whatever the name is made of', () => {
  let matched = 0
  fc.assert(
    fc.property(pair, ({ text, whole }) => {
      fc.pre(text !== '')
      const isMatched = parseToolPattern(text)?.matches(whole)
      expect(isMatched).toBe(fits(Array.from(whole), text))
      if (isMatched === true) matched += 1
    }),
    { numRuns: 5000 },
  )
  // Both answers are common; otherwise this would hold nothing.
  expect(matched).toBeGreaterThan(500)
  expect(matched).toBeLessThan(4500)
})

test.each(['', 'delete_all\n', 'delete\nall', 'delete\u2028all', 'a\rb', '.', '..', 'a/../b', '\0', '😀'])(
  '* matches %j',
  (odd) => {
    expect(parseToolPattern('*')?.matches(odd)).toBe(true)
    expect(parseToolPattern('?')?.matches(odd)).toBe(Array.from(odd).length === 1)
  },
)

test.each([
  ['read_file', 'read_file', true],
  ['read_file', 'read_file\n', false],
  ['read_file', 'Read_file', false],
  ['a.b', 'aXb', false],
  ['files/*', 'files/read', true],
  ['read_{file,dir}', 'read_dir', true],
  ['{read,write}_{file,dir}', 'write_file', true],
  ['read{,_all}', 'read', true],
  ['{a{b,c},d}e', 'ace', true],
  ['v[0-9]', 'v7', true],
  ['v[!0-9]', 'v7', false],
])('%s matches %j: %s', (text, whole, expected) => {
  expect(parseToolPattern(text)?.matches(whole)).toBe(expected)
})

test.each([
  ['an open brace', 'read_{a,b'],
  ['a closing brace', 'read_}'],
  ['a comma outside braces', 'read,write'],
  ['braces around one branch, a range elsewhere', 'v{1..3}'],
  ['an open bracket', 'read_[ab'],
  ['an empty set', 'read_[]'],
  ['a range that ends before it begins', '[z-a]'],
  ['a negation elsewhere', '!read_*'],
  ['a group elsewhere', '(read|write)'],
  ['an escape elsewhere', String.raw`\d`],
  ['a space at an end', 'read_* '],
  ['a line break at an end', 'read_*\n'],
  ['a letter that looks like another', 'rеad_*'],
  ['nothing', ''],
  ['too much', 'a'.repeat(toolPatternLength + 1)],
])('a pattern with %s is not read', (_what, text) => {
  expect(parseToolPattern(text)).toBeUndefined()
})

/** A matcher that goes back tries these for longer than anybody waits. */
test.each([
  ['stars', '*a'.repeat(99) + '*b', 'a'.repeat(128)],
  ['braces', '{a,aa,*}'.repeat(25), `${'a'.repeat(127)}b`],
  ['nested braces', `${'{a,'.repeat(49)}*${'}'.repeat(49)}b`, 'a'.repeat(128)],
])('many %s cost no more than a pattern times a name', (_what, text, whole) => {
  expect(parseToolPattern(text)?.matches(whole)).toBe(text.startsWith('{a,aa'))
})
