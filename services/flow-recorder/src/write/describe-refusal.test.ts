import { expect, test } from 'vitest'
import { describeRefusal } from './describe-refusal.ts'

const failWith = (code: string) => Object.assign(new Error('no'), { code })

test.each(['22003', '22P05', '23514', '54000'])('%s - is the message’s fault', (code) => {
  expect(describeRefusal(failWith(code))).toBe(`${code} no`)
})

test.each(['08006', '40P01', '42703', '53300', '55P03', '57P01', 'ECONNREFUSED'])('%s - may pass', (code) => {
  expect(describeRefusal(failWith(code))).toBeUndefined()
})

test('what cannot be serialised - is the message’s fault, an unknown error is not', () => {
  expect(describeRefusal(new RangeError('too deep'))).toBe('too deep')
  expect(describeRefusal(new Error('?'))).toBeUndefined()
  expect(describeRefusal('?')).toBeUndefined()
})
