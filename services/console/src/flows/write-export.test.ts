import type { ListedFlow } from '@omni2/db'
import { expect, test } from 'vitest'
import { exportWriters } from './write-export.ts'

const flow = (question: string): ListedFlow => ({
  session_id: 's',
  conversation_id: null,
  user_id: 4,
  username: 'vera',
  source: 'ws',
  status: 'done',
  attempt: 1,
  question,
  model: 'm',
  tools_used: ['a.b', 'c.d'],
  tokens_input: 1,
  tokens_output: -2,
  cost_usd: 0.5,
  error_code: null,
  queue_ms: 3,
  first_token_ms: null,
  duration_ms: 1000,
  created_at: new Date('2026-11-20T10:00:00Z'),
  ended_at: null,
  place: '1',
})

const cellOf = (question: string) =>
  exportWriters.csv
    .row(flow(question), true)
    .replace(/^s,,4,vera,ws,done,1,/, '')
    .replace(/,m,a\.b c\.d,.*$/s, '')

test('csv - quoted where it has to be, and never a formula', () => {
  expect(exportWriters.csv.begin.split(',')).toHaveLength(19)
  expect(exportWriters.csv.row(flow('hi'), true)).toBe(
    's,,4,vera,ws,done,1,hi,m,a.b c.d,1,-2,0.5,,3,,1000,2026-11-20T10:00:00.000Z,\r\n',
  )
  expect(cellOf('a "b", c')).toBe('"a ""b"", c"')
  expect(cellOf('two\nlines')).toBe('"two\nlines"')
  for (const formula of ['=1+1', '+1', '-1', '@x']) expect(cellOf(formula)).toBe(`'${formula}`)
})

test('json - one list, whatever the number of rows', () => {
  const { begin, row, end } = exportWriters.json
  expect(JSON.parse(`${begin}${end}`)).toEqual([])
  const rows = JSON.parse(`${begin}${row(flow('a'), true)}${row(flow('b'), false)}${end}`)
  expect(rows.map(({ question }: { question: string }) => question)).toEqual(['a', 'b'])
  expect(rows[0]).not.toHaveProperty('place')
})
