/**
 * The doc comments of a `config.ts`, by variable. A comment is about the variable below it, and about those right after
 * that share all but the last word of its name, as `AUTH_HOST` and `AUTH_PORT` do. Comments are not in the running
 * code, so the text is read: one `NAME: schema` begins a line, as the house's formatter leaves it.
 */
export function readMeanings(source: string): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>()
  for (const [, comment = '', below = ''] of source.matchAll(commentWithLinesBelow)) {
    const [first, ...others] = [...below.matchAll(/^ +([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name)
    // Some comments are about something else than a variable.
    if (first === undefined || !below.trimStart().startsWith(first)) continue
    const family = first.replace(/[^_]+$/, '')
    const named = others.filter((name) => family !== '' && name.startsWith(family))
    for (const name of [first, ...named]) meanings.set(name, tidy(comment))
  }
  return meanings
}

/** A comment and what follows it up to the next one or an empty line. */
const commentWithLinesBelow = /\/\*\*(.*?)\*\/\n((?:(?! *\/\*\*| *\n)[^\n]*\n)*)/gs

/** The text of a comment on one line, without the stars. */
const tidy = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.trim().replace(/^\*\s?/, ''))
    .join(' ')
    .trim()
