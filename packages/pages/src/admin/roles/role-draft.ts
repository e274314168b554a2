import type { Role } from './role.ts'
import { readRule, type ToolRule, writeRule } from './tool-rule.ts'

/** A role as it is being edited; numbers are texts, empty: no limit. */
export interface RoleDraft {
  readonly name: string
  readonly description: string
  /** Every MCP server, also those to come. */
  readonly allServers: boolean
  readonly servers: readonly string[]
  /** Of each server that has a rule. */
  readonly rules: Readonly<Record<string, ToolRule>>
  /** The whole of the stored rules, where it cannot be read. */
  readonly unreadable?: unknown
  readonly rateLimit: string
  readonly costLimit: string
  readonly tokenSeconds: string
}

export const newRole: RoleDraft = {
  name: '',
  description: '',
  allServers: false,
  servers: [],
  rules: {},
  rateLimit: '60',
  costLimit: '10',
  tokenSeconds: '3600',
}

export function draftOf(role: Role): RoleDraft {
  const access = role.mcp_access ?? []
  const stored = role.tool_restrictions ?? {}
  const isReadable = typeof stored === 'object' && !Array.isArray(stored)
  return {
    name: role.name,
    description: role.description ?? '',
    allServers: access.includes('*'),
    servers: access.filter((server) => server !== '*'),
    rules: isReadable
      ? Object.fromEntries(Object.entries(stored).map(([server, entry]) => [server, readRule(entry)]))
      : {},
    ...(isReadable ? {} : { unreadable: stored }),
    rateLimit: textOf(role.rate_limit),
    costLimit: textOf(role.cost_limit_daily),
    tokenSeconds: textOf(role.token_expiry),
  }
}

/** What decides which tools are offered, as the API takes it. */
export const permissionsOf = ({ allServers, servers, rules, unreadable }: RoleDraft) => ({
  mcp_access: allServers ? ['*'] : [...servers],
  tool_restrictions:
    unreadable ??
    Object.fromEntries(
      Object.entries(rules).flatMap(([server, rule]) => {
        const entry = writeRule(rule)
        return entry === undefined ? [] : [[server, entry]]
      }),
    ),
})

/** The whole role, as the API takes it. */
export const bodyOf = (draft: RoleDraft) => ({
  ...permissionsOf(draft),
  description: draft.description === '' ? null : draft.description,
  rate_limit: numberOf(draft.rateLimit),
  cost_limit_daily: numberOf(draft.costLimit),
  token_expiry: numberOf(draft.tokenSeconds),
})

/** Whether the limits are numbers, or empty; anything else would be no limit. */
export const hasNumbers = ({ rateLimit, costLimit, tokenSeconds }: RoleDraft): boolean =>
  [rateLimit, costLimit, tokenSeconds].every((text) => Number.isFinite(Number(text)))

const textOf = (value: number | null): string => (value === null ? '' : String(value))

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text))
