/** Characters that are kept of a refused turn's text. */
const keptCharacters = 500

/**
 * What is kept of the text of a turn that was not admitted: its beginning and its length, so that refusing costs less than
 * admitting. A text that is hardly longer stays whole; so does an emoji at the cut, or it is left out.
 */
export function cutText(text: string): string {
  const mark = `… [cut, ${text.length} characters]`
  if (text.length <= keptCharacters + mark.length) return text
  return text.slice(0, keptCharacters).replace(/[\uD800-\uDBFF]$/, '') + mark
}
