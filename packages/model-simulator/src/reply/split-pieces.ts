import type { Random } from './seed-random.ts'

const fragmentLength = 7

/** Cuts a text into token-like pieces of up to 8 characters; together they are the text again. */
export function splitPieces(text: string): string[] {
  return text.match(/\s*\S{1,8}|\s+/gu) ?? []
}

/** Cuts JSON anywhere between two characters, also inside names, strings and escapes. */
export function splitJson(json: string, random: Random): string[] {
  const characters = Array.from(json)
  const fragments: string[] = []
  while (characters.length > 0) fragments.push(characters.splice(0, 1 + random.next(fragmentLength)).join(''))
  return fragments
}
