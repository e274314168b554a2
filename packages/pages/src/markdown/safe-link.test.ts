import { expect, test } from 'vitest'
import { readSafeLink } from './safe-link.ts'

test.each([
  ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
  ['HTTP://example.org', 'http://example.org/'],
  ['mailto:a@example.org', 'mailto:a@example.org'],
])('%s is followed', (href, safe) => {
  expect(readSafeLink(href)).toBe(safe)
})

test.each([
  'javascript:alert(1)',
  ' java\nscript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://example.org/x',
  '/relative',
  '//example.org',
  '#here',
  '',
])('%j is not', (href) => {
  expect(readSafeLink(href)).toBeUndefined()
})
