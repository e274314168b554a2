/** Which tools of a server a role may use, as the form shows it. */
export interface ToolRule {
  /** `stored`: a value that the form cannot show, kept as it is. */
  readonly mode: 'all' | 'none' | 'allow' | 'deny' | 'stored'
  /** Patterns of `allow` and `deny`. */
  readonly tools: readonly string[]
  readonly stored?: unknown
}

export const ruleNames: Readonly<Record<ToolRule['mode'], string>> = {
  all: 'All tools',
  none: 'No tool',
  allow: 'Only these',
  deny: 'All but these',
  stored: 'As stored',
}

/** Reads one server's entry of `tool_restrictions`; no entry restricts nothing. */
export function readRule(entry: unknown): ToolRule {
  if (entry === undefined || entry === null) return { mode: 'all', tools: [] }
  if (isNames(entry)) return readNames(entry)
  if (isRecord(entry)) {
    const { mode, tools } = entry
    if (mode === 'all' || mode === 'none') return { mode, tools: [] }
    if ((mode === 'allow' || mode === 'deny') && isNames(tools)) return { mode, tools }
    // Of resources and prompts nothing is ever offered, but what is said of them stays.
    if (Object.keys(entry).join() === 'tools') return readRule(tools)
  }
  return { mode: 'stored', tools: [], stored: entry }
}

function readNames(names: readonly string[]): ToolRule {
  if (names.length === 0) return { mode: 'none', tools: [] }
  return names.includes('*') ? { mode: 'all', tools: [] } : { mode: 'allow', tools: names }
}

/** The entry of `tool_restrictions` that says so; undefined where none is needed. */
export function writeRule({ mode, tools, stored }: ToolRule): unknown {
  switch (mode) {
    case 'all':
      return undefined
    case 'none':
      return []
    case 'allow':
      return [...tools]
    case 'deny':
      return { mode, tools: [...tools] }
    case 'stored':
      return stored
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string')
