/** Characters to keep of the text of a refused turn. */
const keptCharacters = 500

/**
 * The stored text of a turn that was not admitted: its beginning and its length, so that a refusal costs less than an
 * admission. A slightly longer text stays whole. An emoji at the cut stays whole or is left out.
 */
export function cutText(text: string): string {
  const mark = `… [cut, ${text.length} characters]`
  if (text.length <= keptCharacters + mark.length) return text
  return text.slice(0, keptCharacters).replace(/[\uD800-\uDBFF]$/, '') + mark
}
