import { parseExactJson } from '@omni2/contracts'
import { type CustomTypesConfig, types } from 'pg'

const { INT8, JSON: JSON_TEXT, JSONB, TIMESTAMP, TIMESTAMPTZ } = types.builtins

/** pg's parsers, with counts as numbers, zoneless timestamps as the UTC they are and JSON with its numbers unrounded; for one pool, not for all. */
export const getTypeParser: CustomTypesConfig['getTypeParser'] = (oid, format) => {
  if (format !== 'binary' && oid === INT8) return parseCount
  if (format !== 'binary' && oid === TIMESTAMP) return parseUtcTimestamp
  if (format !== 'binary' && (oid === JSON_TEXT || oid === JSONB)) return parseExactJson
  return types.getTypeParser(oid, format)
}

/** Counts and sums of integers stay far below 2^53; what does not is an error, never a rounded number. */
function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count)) throw new RangeError(`int8 ${text} does not fit a number`)
  return count
}

function parseUtcTimestamp(text: string): unknown {
  return types.getTypeParser(TIMESTAMPTZ)(text.endsWith('infinity') ? text : `${text}+00`)
}
