import { parseToolPattern, type ToolPattern } from './tool-pattern.ts'

/** Which tools of one server a role may use. */
export type ToolRule =
  | { mode: 'all' }
  | { mode: 'none' }
  /** Only names that a pattern matches. */
  | { mode: 'allow'; patterns: readonly ToolPattern[] }
  /** All names but those that a pattern matches. */
  | { mode: 'deny'; patterns: readonly ToolPattern[] }
  /** The stored value has no known shape, or a pattern that cannot be read: nothing is permitted, and an operator has to look. */
  | { mode: 'unreadable' }

/** Rules of a role by server; `unreadable` when the whole value is, then nothing is permitted anywhere. */
export type ToolRestrictions = ReadonlyMap<string, ToolRule> | 'unreadable'

const all: ToolRule = { mode: 'all' }
const none: ToolRule = { mode: 'none' }
const unreadable: ToolRule = { mode: 'unreadable' }

/** Reads `roles.tool_restrictions` in any of its stored shapes; null and `{}` restrict nothing. */
export function parseRestrictions(stored: unknown): ToolRestrictions {
  if (stored === null || stored === undefined) return new Map()
  if (!isRecord(stored)) return 'unreadable'
  return new Map(Object.entries(stored).map(([server, entry]) => [server, parseEntry(entry)]))
}

/** The rule of one server; an unlisted one is not restricted. */
export function ruleOf(restrictions: ToolRestrictions, server: string): ToolRule {
  if (restrictions === 'unreadable') return unreadable
  return restrictions.get(server) ?? all
}

/**
 * An entry is a list of tools, a mode with its list, or a list or mode for each kind; a kind it leaves out is free. Only
 * tools are ever offered, so what it says of resources and prompts is not read.
 */
function parseEntry(entry: unknown): ToolRule {
  if (!isRecord(entry) || 'mode' in entry) return parseRule(entry)
  const isKnown = Object.keys(entry).every((key) => ['tools', 'resources', 'prompts'].includes(key))
  return isKnown ? parseRule(entry['tools'] ?? null) : unreadable
}

function parseRule(value: unknown): ToolRule {
  if (value === null) return all
  if (Array.isArray(value)) return parseNames(value)
  return isRecord(value) && 'mode' in value ? parseMode(value) : unreadable
}

function parseMode({ mode, tools }: Record<string, unknown>): ToolRule {
  if (mode === 'all') return all
  if (mode === 'none') return none
  if (mode !== 'allow' && mode !== 'deny') return unreadable
  const patterns = parsePatterns(tools)
  if (!patterns) return unreadable
  if (patterns.length === 0) return mode === 'deny' ? all : none
  return { mode, patterns }
}

function parseNames(names: readonly unknown[]): ToolRule {
  const patterns = parsePatterns(names)
  if (!patterns) return unreadable
  if (patterns.length === 0) return none
  return patterns.some(({ text }) => text === '*') ? all : { mode: 'allow', patterns }
}

/** Undefined where one of them cannot be read: without it the others would say something else. */
function parsePatterns(list: unknown): readonly ToolPattern[] | undefined {
  if (!Array.isArray(list)) return undefined
  const patterns = list.map((text) => (typeof text === 'string' ? parseToolPattern(text) : undefined))
  return patterns.every((pattern) => pattern !== undefined) ? patterns : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
