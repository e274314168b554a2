/** What Node has of "JSON.parse source text access" (ECMAScript 2026), which the type library lacks. */
interface ExactJson {
  parse(text: string, revive: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  rawJSON(text: string): object
  isRawJSON(value: unknown): value is { rawJSON: string }
}
const exactJson = JSON as unknown as ExactJson

/** Text without one of these has no number that a double would change. */
const mayBeInexact = /[\d.]{16}|\d\.?\d*e/i

/** Characters of a number at most; Postgres takes such, and nothing that is counted or measured is longer. */
const numberLength = 1000

/**
 * Parses JSON so that JSON.stringify writes its numbers as they were: one that a double would round becomes a raw JSON
 * value, an object that only JSON.stringify reads. Throws SyntaxError also for numbers beyond a double's range.
 */
export function parseExactJson(text: string): unknown {
  if (!mayBeInexact.test(text)) return JSON.parse(text)
  const parsed = exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? keepExact(value, source) : value,
  )
  // A lone number has no digits that anybody could look for in it; as an object it would pass for one.
  return exactJson.isRawJSON(parsed) ? Number(parsed.rawJSON) : parsed
}

function keepExact(value: number, source: string): unknown {
  if (source === String(value)) return value
  const isVanished = value === 0 && /^[-0.]*[1-9]/.test(source)
  if (!Number.isFinite(value) || isVanished || source.length > numberLength)
    throw new SyntaxError('a number is beyond the range of numbers')
  return spellOut(source) === spellOut(String(value)) ? value : exactJson.rawJSON(source)
}

/** A number as its digits without zeros around them, and its exponent: equal for equal numbers. */
function spellOut(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  return significant === ''
    ? '0'
    : `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}
