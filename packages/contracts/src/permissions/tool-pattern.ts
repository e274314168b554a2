import { toolNameCharacters } from '../tool-name.ts'

/** A pattern of tool names, as roles' restrictions hold them. */
export interface ToolPattern {
  readonly text: string
  /** Whether it stands for the whole of a name; in steps of at most its length times the name's. */
  readonly matches: (name: string) => boolean
}

/** Characters of a pattern at most. */
export const toolPatternLength = 200

/** `[abc]`, `[a-z]`, `[!a]`, `[^a]`; a character of the syntax; one of a name. */
const token = new RegExp(`\\[[!^]?[${toolNameCharacters}]+\\]|[*?{},]|[${toolNameCharacters}]`, 'g')

/**
 * Reads a pattern: `*` is any characters, `?` is one, `[abc]` one of these, with ranges, and with `!` or `^` none of them,
 * `{a,b}` one of two patterns or more. Everything else stands for itself, in its own case. Undefined for a pattern that
 * cannot be read: too long, unbalanced, or with a character that no tool's name has, which other pattern languages may
 * give a meaning.
 */
export function parseToolPattern(text: string): ToolPattern | undefined {
  if (text === '' || text.length > toolPatternLength) return undefined
  const tokens = text.match(token) ?? []
  if (tokens.join('') !== text) return undefined
  const whole = readTokens(tokens)
  if (!whole) return undefined
  const matches = (name: string): boolean => {
    const characters = Array.from(name)
    return name === text || whole(new Set([0]), characters).has(characters.length)
  }
  return { text, matches }
}

/**
 * A part of a pattern: where in a name it may end, by where it may begin. Places are sets, so a part is tried once however
 * many ways lead to it.
 */
type Part = (starts: ReadonlySet<number>, name: readonly string[]) => ReadonlySet<number>

function readTokens(tokens: readonly string[]): Part | undefined {
  const open: { before: Part[]; branches: Part[][] }[] = []
  let branch: Part[] = []
  for (const read of tokens) {
    const group = open.at(-1)
    if (read === '{') {
      open.push({ before: branch, branches: [] })
      branch = []
    } else if (read === ',') {
      if (!group) return undefined
      group.branches.push(branch)
      branch = []
    } else if (read === '}') {
      if (!group?.branches.length) return undefined
      branch = [...group.before, either([...group.branches, branch].map(sequence))]
      open.pop()
    } else {
      const part = readPart(read)
      if (!part) return undefined
      branch.push(part)
    }
  }
  return open.length === 0 ? sequence(branch) : undefined
}

function readPart(read: string): Part | undefined {
  if (read === '*') return anything
  if (read === '?') return one(() => true)
  if (read.startsWith('[')) return readSet(read.slice(1, -1))
  return one((character) => character === read)
}

function readSet(set: string): Part | undefined {
  const isNegated = /^[!^]/.test(set)
  const ranges = [...set.slice(isNegated ? 1 : 0).matchAll(/(.)-(.)|./g)].map(
    ([single, first = single, last = single]) => ({ first, last }),
  )
  if (ranges.some(({ first, last }) => first > last)) return undefined
  return one(
    (character) => ranges.some(({ first, last }) => first <= character && character <= last) !== isNegated,
  )
}

const one =
  (isIt: (character: string) => boolean): Part =>
  (starts, name) => {
    const ends = new Set<number>()
    for (const start of starts) {
      const character = name[start]
      if (character !== undefined && isIt(character)) ends.add(start + 1)
    }
    return ends
  }

const anything: Part = (starts, name) => {
  const ends = new Set<number>()
  for (let end = Math.min(...starts); end <= name.length; end += 1) ends.add(end)
  return ends
}

const either =
  (branches: readonly Part[]): Part =>
  (starts, name) =>
    new Set(branches.flatMap((branch) => [...branch(starts, name)]))

const sequence =
  (parts: readonly Part[]): Part =>
  (starts, name) => {
    let reached = starts
    for (const part of parts) {
      if (reached.size === 0) break
      reached = part(reached, name)
    }
    return reached
  }
