import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeStorable } from '../record/make-storable.ts'
import { TextMender } from './text-mender.ts'

function mend(pieces: readonly string[]): string[] {
  const mender = new TextMender()
  return [...pieces.map((piece) => mender.add(piece)), mender.end()]
}

test.each([
  [
    ['A\ud83d', '\ude00B'],
    ['A', '😀B', ''],
  ],
  [
    ['A\ud83d', '', '\ude00'],
    ['A', '', '😀', ''],
  ],
  [
    ['\ud83d', '\ud83d', '\ude00'],
    ['', '\ufffd', '😀', ''],
  ],
  [
    ['\ude00', 'A\ud83d', 'B'],
    ['\ufffd', 'A', '\ufffdB', ''],
  ],
  [
    ['A\0', 'B\ud83d'],
    ['A\ufffd', 'B', '\ufffd'],
  ],
])('%j is said as %j', (pieces, said) => {
  expect(mend(pieces)).toEqual(said)
})

const codeUnit = fc.oneof(
  fc.constantFrom('\ud83d', '\ude00', '\0', '\uffff', 'é'),
  fc.string({ unit: 'grapheme' }),
)

test('whatever the pieces, they join to the storable text, and each is one by itself', () => {
  const texts = fc.array(codeUnit, { maxLength: 30 }).map((units) => units.join(''))
  const cuts = fc.array(fc.nat(40), { maxLength: 10 })
  fc.assert(
    fc.property(texts, cuts, (text, places) => {
      const bounds = [0, ...places.toSorted((one, other) => one - other), text.length]
      const pieces = bounds.slice(1).map((end, index) => text.slice(bounds[index], end))
      const said = mend(pieces)
      expect(said.join('')).toBe(makeStorable(pieces.join('')))
      expect(said.every((piece) => piece.isWellFormed())).toBe(true)
    }),
  )
})
