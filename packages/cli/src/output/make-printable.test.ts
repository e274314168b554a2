import { expect, test } from 'vitest'
import { makePrintable, makePrintableJson, makePrintableLine } from './make-printable.ts'

/** Text that could control a terminal or mislead a reader. */
const hostile = [
  ['clears the screen', '\u001B[2J', String.raw`\u{1b}[2J`],
  ['writes to the clipboard', '\u001B]52;c;aGk=\u0007', String.raw`\u{1b}]52;c;aGk=\u{7}`],
  ['is a C1 sequence', '\u009B31m', String.raw`\u{9b}31m`],
  ['overwrites its line', 'safe\rrm -rf', String.raw`safe\u{d}rm -rf`],
  ['goes back', 'abc\b\b\u007F', String.raw`abc\u{8}\u{8}\u{7f}`],
  ['is turned around', 'gpj.\u202Eexe', String.raw`gpj.\u{202e}exe`],
  ['is isolated', '\u2066a\u2069\u200F\u061C', String.raw`\u{2066}a\u{2069}\u{200f}\u{61c}`],
  ['has invisible tags', 'a\u{E0041}b', String.raw`a\u{e0041}b`],
  ['has a NUL', 'a\0b', String.raw`a\u{0}b`],
] as const

test.each(hostile)('text - that %s is spelled out', (_what, text, shown) => {
  expect(makePrintable(text)).toBe(shown)
})

test('text - keeps its lines, tabs and letters of every script', () => {
  const text = 'a\tb\nc\r\nمرحبا שלום 你好 👩‍💻 é'
  expect(makePrintable(text)).toBe(text.replace('\r', ''))
})

test('line - is one line', () => {
  expect(makePrintableLine('a\nb\tc\u2028d\u001B[A')).toBe(String.raw`a b c d\u{1b}[A`)
})

test.each(hostile)('JSON - that %s reads the same, and shows nothing raw', (_what, text) => {
  const json = makePrintableJson({ text })
  expect(JSON.parse(json)).toEqual({ text })
  expect(makePrintable(json)).toBe(json)
})
