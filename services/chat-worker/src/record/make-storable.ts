import { parseExactJson } from '@omni2/contracts'

/** Postgres holds neither NUL nor half a surrogate pair, and what is shown has to be what is stored. */
export const makeStorable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

/** The same for any JSON value; undefined becomes null. */
export function makeStorableJson(value: unknown): unknown {
  const json = JSON.stringify(value ?? null)
  // Of these escapes JSON.stringify writes only such as stand for no character; `\\` is matched so as to skip it.
  return parseExactJson(
    json.replaceAll(/\\\\|\\u0000|\\ud[89a-f]../g, (found) => (found === '\\\\' ? found : '\\ufffd')),
  )
}
