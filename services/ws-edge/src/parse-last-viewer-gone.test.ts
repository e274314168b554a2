import { expect, test } from 'vitest'
import { parseLastViewerGone } from './parse-last-viewer-gone.ts'

test.each([
  ['finish', { action: 'finish' }],
  ['cancel-after:30s', { action: 'cancel', afterMs: 30_000 }],
  ['cancel-after:250ms', { action: 'cancel', afterMs: 250 }],
  ['cancel-after:5m', { action: 'cancel', afterMs: 300_000 }],
])('%s is understood', (text, setting) => {
  expect(parseLastViewerGone(text)).toEqual(setting)
})

test.each([
  '',
  'cancel',
  'cancel-after:',
  'cancel-after:30',
  'cancel-after:0s',
  'cancel-after:-1s',
  'cancel-after:1d',
])('%s is not', (text) => {
  expect(parseLastViewerGone(text)).toBeUndefined()
})

test('the longest wait is a day', () => {
  expect(parseLastViewerGone('cancel-after:1440m')).toBeDefined()
  expect(parseLastViewerGone('cancel-after:1441m')).toBeUndefined()
})
