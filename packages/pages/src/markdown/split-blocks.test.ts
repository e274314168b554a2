import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlockSplitter } from './split-blocks.ts'

const typesOf = (splitter: BlockSplitter, text: string, isGrowing = true) =>
  splitter.split(text, { isGrowing }).flatMap(({ token }) => (token.type === 'space' ? [] : [token.type]))

const answer = `# Title

A paragraph with **bold** and \`code\`.

- one
- two

\`\`\`ts
const a = 1

const b = 2
\`\`\`

| a | b |
| - | - |
| 1 | 2 |

The end.
`

test('whatever pieces an answer comes in - the blocks at its end are those of the whole text', () => {
  const whole = typesOf(new BlockSplitter(), answer, false)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (sizes) => {
      const splitter = new BlockSplitter()
      let to = 0
      for (const size of [...sizes, answer.length]) {
        to = Math.min(answer.length, to + size)
        splitter.split(answer.slice(0, to), { isGrowing: true })
      }
      expect(typesOf(splitter, answer)).toEqual(whole)
      expect(typesOf(splitter, answer, false)).toEqual(whole)
    }),
  )
})

test('closed blocks keep their key and their token while the answer grows', () => {
  const splitter = new BlockSplitter()
  const [first] = splitter.split('one\n\ntwo', { isGrowing: true })
  const [again] = splitter.split('one\n\ntwo three', { isGrowing: true })
  expect(again).toBe(first)
})

test('what is unclosed at the end is shown as if it were closed', () => {
  const [block] = new BlockSplitter().split('some **bold', { isGrowing: true })
  expect(JSON.stringify(block?.token)).toContain('"type":"strong"')
})

test('a text that begins again is read again', () => {
  const splitter = new BlockSplitter()
  splitter.split('first answer\n\nmore', { isGrowing: true })
  const blocks = splitter.split('other', { isGrowing: true })
  expect(blocks.map(({ token }) => token.raw)).toEqual(['other'])
})

test('an answer of 20 KB in pieces of 5 characters - what is read stays near the text, not its square', () => {
  const long = Array.from({ length: 200 }, (_, index) => `Paragraph ${index} ${'word '.repeat(18)}`).join(
    '\n\n',
  )
  const splitter = new BlockSplitter()
  for (let to = 5; to < long.length; to += 5) splitter.split(long.slice(0, to), { isGrowing: true })
  expect(splitter.read / long.length).toBeLessThan(100)
})
