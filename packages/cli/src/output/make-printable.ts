/**
 * What moves a terminal's cursor, changes its state or turns its text around: control characters (C0 and C1), marks and
 * overrides of the writing direction, line separators, invisible tags.
 */
const unprintable = /\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/gu

/** Text from outside as a terminal may show it, over several lines: what could act on the terminal is spelled out. */
export const makePrintable = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(unprintable, (found) => (/[\n\t]/.test(found) ? found : spell(found)))

/** The same in one line, for tables and notes. */
export const makePrintableLine = (text: string): string =>
  text.replaceAll(/\s/g, ' ').replaceAll(unprintable, spell)

/** A value as JSON of one line that a terminal may show and every reader of JSON understands. */
export const makePrintableJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(unprintable, (found) => found.split('').map(escapeUnit).join(''))

const spell = (found: string): string => `\\u{${found.codePointAt(0)?.toString(16)}}`

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
