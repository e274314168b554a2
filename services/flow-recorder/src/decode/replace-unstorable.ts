/** One escape of a JSON text: U+0000, a pair of surrogates, half of a pair, or any other. */
const jsonEscape =
  /\\(?:(?<zero>u0000)|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?<half>u[dD][89a-fA-F][\da-fA-F]{2})|[^])/g

const mayHoldUnstorable = /\\u(?:0000|[dD][89a-fA-F])/

/**
 * Replaces characters that JSON can hold and Postgres cannot, U+0000 and lone surrogates, by U+FFFD: losing an
 * invisible character is better than losing a turn.
 */
export function replaceUnstorable(json: string): string {
  if (!mayHoldUnstorable.test(json)) return json
  return json.replace(jsonEscape, (escape, zero?: string, half?: string) =>
    zero === undefined && half === undefined ? escape : String.raw`\ufffd`,
  )
}
