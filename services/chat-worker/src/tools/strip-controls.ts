/**
 * Text without what a reader cannot see and a model may obey: control characters but tab and newline, overrides of the
 * writing direction, invisible tag characters, halves of surrogate pairs.
 */
export const stripControls = (text: string): string =>
  text.toWellFormed().replaceAll(/(?![\t\n])\p{Cc}|[\u202A-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/gu, '')
