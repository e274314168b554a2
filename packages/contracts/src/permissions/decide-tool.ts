import { ruleOf, type ToolRestrictions, type ToolRule } from './parse-restrictions.ts'

/** Whether a tool may be used, and the rule that decided, as it is recorded. */
export interface ToolDecision {
  permitted: boolean
  rule: string
}

/** Decides one tool of one server: first the server, then its rule; whatever is unknown is refused. */
export function decideTool(
  tool: { server: string; name: string },
  permitted: { servers: readonly string[]; restrictions: ToolRestrictions },
): ToolDecision {
  if (!permitted.servers.includes(tool.server)) return { permitted: false, rule: 'mcp_access' }
  return decideName(tool.name, ruleOf(permitted.restrictions, tool.server))
}

/** Applies one rule to a name. */
export function decideName(name: string, rule: ToolRule): ToolDecision {
  switch (rule.mode) {
    case 'all':
      return { permitted: true, rule: 'all' }
    case 'none':
      return { permitted: false, rule: 'none' }
    case 'unreadable':
      return { permitted: false, rule: 'unreadable' }
    case 'allow':
    case 'deny': {
      const pattern = rule.patterns.find((candidate) => candidate.matches(name))
      const permitted = (pattern !== undefined) === (rule.mode === 'allow')
      return { permitted, rule: `${rule.mode}:${pattern?.text ?? '(no match)'}` }
    }
  }
}
