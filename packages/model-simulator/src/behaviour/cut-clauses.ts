/**
 * Cuts a directive into its clauses, from `from` up to `]]` or the end of the text.
 * Whitespace and `;` separate clauses, except inside a JSON object, where they and `]]` are part of it.
 */
export function cutClauses(text: string, from = 0): { clauses: string[]; end: number; closed: boolean } {
  const clauses: string[] = []
  let start = from
  let at = from
  while (at < text.length && !text.startsWith(']]', at)) {
    if (/[\s;]/.test(text.charAt(at))) {
      clauses.push(text.slice(start, at))
      start = ++at
    } else {
      at = text.charAt(at) === '{' ? skipObject(text, at) : at + 1
    }
  }
  clauses.push(text.slice(start, at))
  return { clauses: clauses.filter((clause) => clause !== ''), end: at, closed: at < text.length }
}

function skipObject(text: string, from: number): number {
  let depth = 0
  let at = from
  do {
    const char = text.charAt(at)
    if (char === '{') depth++
    if (char === '}') depth--
    at = char === '"' ? skipString(text, at) : at + 1
  } while (depth > 0 && at < text.length)
  return at
}

function skipString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at + 1
}
