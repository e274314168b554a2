/**
 * Writes any text as a header value: visible ASCII but `%` stays as it is, everything else is percent-encoded as UTF-8,
 * and so is a space at either end. `decodeURIComponent` gives the text back.
 */
export function encodeHeaderValue(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x20-\x24\x26-\x7e]|^ | $/gu, encodeURIComponent)
}
