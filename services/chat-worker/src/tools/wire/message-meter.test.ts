import { expect, test } from 'vitest'
import { MessageMeter, MessageTooLargeError } from './message-meter.ts'

/** Measures a text that arrives in pieces of three characters. */
function measure(text: string, maxLength = 1_000_000): void {
  const meter = new MessageMeter(maxLength)
  for (let at = 0; at < text.length; at += 3) meter.add(text.slice(at, at + 3))
}

test.each([
  ['long', `"${'a'.repeat(1_000_000)}"`],
  ['deep', '['.repeat(2001)],
  ['deep in objects', '{"a":'.repeat(2001)],
  ['many empty objects', `[${'{},'.repeat(60_000)}`],
  ['many numbers', `[${'1,'.repeat(100_001)}`],
  ['many names', `{${'"":0,'.repeat(60_000)}`],
])('%s - too large, before it has come to its end', (_, text) => {
  expect(() => measure(text)).toThrow(MessageTooLargeError)
})

test('what stands in texts is no structure', () => {
  const long = `["${'[{,:'.repeat(60_000)}", "\\"${'['.repeat(1000)}\\\\", [], {}]`
  expect(() => measure(long)).not.toThrow()
})
