import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMarkdown } from './read-markdown.ts'

/** Formulas of a text, blocks marked with a star. */
function listMath(text: string): string[] {
  const found: string[] = []
  const visit = (token: { type: string; tokens?: unknown[]; tex?: string; isBlock?: boolean }) => {
    if (token.type === 'math') found.push(`${token.isBlock === true ? '*' : ''}${token.tex}`)
    for (const inner of token.tokens ?? []) visit(inner as typeof token)
  }
  for (const token of readMarkdown(text)) visit(token)
  return found
}

test.each([
  ['Let $x^2$ be.', ['x^2']],
  ['Let \\(a_1\\) and \\(b_2\\) be.', ['a_1', 'b_2']],
  ['$$\n\\frac{a}{b}\n$$', ['*\\frac{a}{b}']],
  ['Text\n\n\\[ x = 1 \\]\n\nmore', ['*x = 1']],
  ['so $$x$$ it is', ['x']],
  ['| a |\n|---|\n| $y$ |', []],
  ['It costs $5 or $6.', []],
  ['from $5 to $10', []],
  ['at $5,$6 or $7', []],
  ['$ x $', []],
  ['`$x$` is code', []],
  ['```\n$$x$$\n```', []],
  ['$$\nnever closed', []],
  ['a \\$ sign and $x$', ['x']],
  ['$a\\$b$', ['a\\$b']],
])('%j has %j', (text, formulas) => {
  expect(listMath(text)).toEqual(formulas)
})

test('every text is read whole, whatever is in it', () => {
  const piece = fc.constantFrom(
    '$',
    '$$',
    '\\(',
    '\\)',
    '\\[',
    '\\]',
    'x',
    ' ',
    '\n',
    '\n\n',
    '\\',
    '1',
    '`',
    '*',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')
      const raw = readMarkdown(text).map((token) => token.raw)
      expect(raw.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
    }),
  )
})
