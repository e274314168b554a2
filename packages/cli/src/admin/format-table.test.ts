import { expect, test } from 'vitest'
import { formatTable } from './format-table.ts'

test('aligns columns and shows nothing that could steer a terminal', () => {
  expect(
    formatTable([
      ['id', 'name', 'reason'],
      [12, 'ada', null],
      [3, 'bo\u001B[2Jbo', 'a\nb'],
    ]),
  ).toEqual(['id  name           reason', '12  ada            -', String.raw`3   bo\u{1b}[2Jbo  a b`])
})
