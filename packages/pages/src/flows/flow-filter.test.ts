import { expect, test } from 'vitest'
import { readFilter, toQuery, writeFilter } from './flow-filter.ts'

const round = (address: string) => writeFilter(readFilter(new URLSearchParams(address))).toString()

test('an address says the same after it was read and written', () => {
  const address =
    'view=conversations&range=7d&search=walrus&status=error&source=ws&model=m&tool=files.read&user_id=3&cost_from=0.5&failed=true'
  expect(round(address)).toBe(address)
  expect(round('')).toBe('')
})

test('what is not understood is left out', () => {
  expect(round('view=x&range=toString&failed=yes&other=1')).toBe('')
})

test('the query has the time of the range; a conversation is shown whole', () => {
  const now = Date.parse('2026-11-20T10:00:00Z')
  const query = (address: string) => toQuery(readFilter(new URLSearchParams(address)), now)
  expect(query('status=done')).toMatchObject({
    status: 'done',
    since: '2026-11-19T10:00:00.000Z',
    model: undefined,
  })
  expect(query('conversation_id=c').since).toBeUndefined()
})
