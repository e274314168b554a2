import { parseExactJson } from '@omni2/contracts'

/** Postgres stores neither NUL nor half a surrogate pair. The shown text must equal the stored text. */
export const makeStorable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

/** The same for any JSON value; undefined becomes null. */
export function makeStorableJson(value: unknown): unknown {
  const json = JSON.stringify(value ?? null)
  // JSON.stringify writes these escapes only for invalid characters. `\\` is matched in order to skip it.
  return parseExactJson(
    json.replaceAll(/\\\\|\\u0000|\\ud[89a-f]../g, (found) => (found === '\\\\' ? found : '\\ufffd')),
  )
}
