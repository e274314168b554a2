import { expect, test } from 'vitest'
import { describeMore, makePageQuery } from './pages.ts'

test('a page - is of the usual length from the beginning, unless flags say otherwise', () => {
  expect(makePageQuery({ flags: {} }, 50).toString()).toBe('limit=50')
  expect(makePageQuery({ flags: { limit: '3', cursor: 'a&b' } }, 50).toString()).toBe('limit=3&cursor=a%26b')
})

test('a list that goes on - says how', () => {
  expect(describeMore('abc')).toEqual(['more with --cursor abc'])
  expect(describeMore(null)).toEqual([])
})
