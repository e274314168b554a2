import { expect, test } from 'vitest'
import { estimateTokens, takeTokens, weighTokens } from './estimate-tokens.ts'

/** Characters for a token, from below and above, as tokenizers of the field count such texts. */
test.each([
  ['prose', 'The quick brown fox jumps over the lazy dog, then rests. ', 2.5, 4],
  ['code', 'if (items[i].count >= 10) { total += items[i].price * 0.25; }\n', 2, 3.3],
  ['a cipher', 'aGVsbG8gd29ybGQhIFRoaXMgaXMgYSBjaXBoZXIu', 1.5, 2.8],
  ['Chinese', '请把这份文件翻译成英文，谢谢。', 0.5, 1],
  ['Japanese', 'このファイルを英語に翻訳してください。', 0.5, 1],
  ['Korean', '이 파일을 영어로 번역해 주세요.', 0.5, 1.2],
  ['Russian', 'Переведи этот файл на английский язык. ', 1, 2.5],
  ['emoji', '👩‍🚀🎉👋🏽', 0.5, 1],
])('%s comes to a token for some characters', (_name, text, least, most) => {
  const perToken = (text.length * 100) / estimateTokens(text.repeat(100))
  expect(perToken).toBeGreaterThanOrEqual(least)
  expect(perToken).toBeLessThanOrEqual(most)
})

test('pieces sum to their whole', () => {
  const text = 'One, two, 三 and 👋'
  const pieces = text.split('')
  expect(pieces.reduce((sum, piece) => sum + weighTokens(piece), 0)).toBeCloseTo(weighTokens(text), 9)
  expect(estimateTokens('')).toBe(0)
})

test('a beginning has whole characters and as many tokens as it may', () => {
  const text = 'aa 三三👋👋 bb'
  for (let tokens = 0; tokens <= estimateTokens(text); tokens += 1) {
    const taken = takeTokens(text, tokens)
    expect(text.startsWith(taken) && taken.isWellFormed()).toBe(true)
    expect(estimateTokens(taken)).toBeLessThanOrEqual(tokens)
    if (taken === text) continue
    const next = String.fromCodePoint(text.codePointAt(taken.length) ?? 0)
    expect(weighTokens(taken + next)).toBeGreaterThan(tokens)
  }
  expect(takeTokens(text, estimateTokens(text))).toBe(text)
})
