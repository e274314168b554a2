/** Characters of a token at most. */
export const mostPerToken = 3

/** Weights are sixths of a token, so that their sums are exact. */
const unit = 6

/**
 * Weight of a character, on the safe side: one token for three letters of words, for two of the other ASCII characters
 * (code, numbers, ciphers), and for two bytes of any other script. One character of Chinese, Japanese or Korean is one
 * and a half.
 */
function weigh(code: number): number {
  if (code === 0x20 || (code >= 0x61 && code <= 0x7a)) return 2
  if (code < 0x80) return 3
  if (code < 0x800 || isSurrogate(code)) return 6
  return 9
}

/** Half of a character of four bytes. */
const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff

/** A table, because prompts are long: the results of a turn may have millions of characters. */
const weights = Uint8Array.from({ length: 0x10000 }, (_, code) => weigh(code))

/** Estimated tokens of a text, not rounded, so that pieces may be summed. */
export function weighTokens(text: string): number {
  let weight = 0
  for (let index = 0; index < text.length; index += 1) weight += weights[text.charCodeAt(index)] ?? 0
  return weight / unit
}

/** Estimated tokens of a text. */
export const estimateTokens = (text: string): number => Math.ceil(weighTokens(text))

/** The longest beginning of a text with at most so many estimated tokens, in whole characters. */
export function takeTokens(text: string, tokens: number): string {
  let left = tokens * unit
  let end = 0
  while (end < text.length) {
    const length = (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1
    left -= weigh(text.charCodeAt(end)) * length
    if (left < 0) break
    end += length
  }
  return text.slice(0, end)
}
