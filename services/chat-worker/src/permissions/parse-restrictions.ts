/** What a role may use of one kind (tools, resources or prompts) of one server. */
export type Rule =
  | { mode: 'all' }
  | { mode: 'none' }
  /** Only names that a pattern matches. */
  | { mode: 'allow'; patterns: readonly string[] }
  /** All names but those that a pattern matches. */
  | { mode: 'deny'; patterns: readonly string[] }
  /** The stored value has no known shape: nothing is permitted, and an operator has to look. */
  | { mode: 'unreadable' }

export type Kind = 'tools' | 'resources' | 'prompts'

/** Rules of a role by server; `unreadable` when the whole value is, then nothing is permitted anywhere. */
export type Restrictions = ReadonlyMap<string, Readonly<Record<Kind, Rule>>> | 'unreadable'

const all: Rule = { mode: 'all' }
const none: Rule = { mode: 'none' }
const unreadable: Rule = { mode: 'unreadable' }

const everything: Readonly<Record<Kind, Rule>> = { tools: all, resources: all, prompts: all }

/** Reads `roles.tool_restrictions` in any of its stored shapes; null and `{}` restrict nothing. */
export function parseRestrictions(stored: unknown): Restrictions {
  if (stored === null || stored === undefined) return new Map()
  if (!isRecord(stored)) return 'unreadable'
  return new Map(Object.entries(stored).map(([server, entry]) => [server, parseEntry(entry)]))
}

/** The rules of one server; an unlisted one is not restricted. */
export function rulesOf(restrictions: Restrictions, server: string): Readonly<Record<Kind, Rule>> {
  if (restrictions === 'unreadable') return { tools: unreadable, resources: unreadable, prompts: unreadable }
  return restrictions.get(server) ?? everything
}

/** An entry is a list of tools, a mode with its list, or a list or mode for each kind; a kind it leaves out is free. */
function parseEntry(entry: unknown): Readonly<Record<Kind, Rule>> {
  if (entry === null) return everything
  if (Array.isArray(entry)) return { ...everything, tools: parseNames(entry) }
  if (!isRecord(entry)) return { tools: unreadable, resources: unreadable, prompts: unreadable }
  if ('mode' in entry) return { ...everything, tools: parseMode(entry) }
  const kinds = ['tools', 'resources', 'prompts'] as const
  const known = Object.keys(entry).every((key) => (kinds as readonly string[]).includes(key))
  if (!known) return { tools: unreadable, resources: unreadable, prompts: unreadable }
  const [tools = all, resources = all, prompts = all] = kinds.map((kind) => parseKind(entry[kind]))
  return { tools, resources, prompts }
}

function parseKind(value: unknown): Rule {
  if (value === null || value === undefined) return all
  if (Array.isArray(value)) return parseNames(value)
  return isRecord(value) && 'mode' in value ? parseMode(value) : unreadable
}

function parseMode({ mode, tools }: Record<string, unknown>): Rule {
  if (mode === 'all') return all
  if (mode === 'none') return none
  if (mode !== 'allow' && mode !== 'deny') return unreadable
  if (!isNameList(tools)) return unreadable
  if (mode === 'deny') return tools.length === 0 ? all : { mode, patterns: tools }
  return tools.length === 0 ? none : { mode, patterns: tools }
}

function parseNames(names: readonly unknown[]): Rule {
  if (!isNameList(names)) return unreadable
  if (names.length === 0) return none
  return names.includes('*') ? all : { mode: 'allow', patterns: names }
}

const isNameList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
