export const demoUsernames = ['admin', 'developer', 'viewer', 'blocked', 'inactive'] as const

export type DemoUsername = (typeof demoUsernames)[number]

interface DemoRole {
  readonly name: string
  readonly description: string
  readonly mcpAccess: readonly string[]
  /** By MCP server; a server that is not named here is not restricted. */
  readonly toolRestrictions: Readonly<Record<string, readonly string[]>>
  readonly dashboardAccess: string
  /** Requests a minute. */
  readonly rateLimit: number
  /** USD a day. */
  readonly costLimitDaily: number
}

/** Of the tools of the demo's MCP server; `get-env` and what fetches or asks back is for administrators. */
const developerTools = [
  'echo',
  'get-sum',
  'get-annotated-message',
  'get-structured-content',
  'get-tiny-image',
  'trigger-long-running-operation',
]

export const demoRoles: readonly DemoRole[] = [
  {
    name: 'admin',
    description: 'Every MCP server and tool; may change things',
    mcpAccess: ['*'],
    toolRestrictions: {},
    dashboardAccess: 'admin',
    rateLimit: 2000,
    costLimitDaily: 25,
  },
  {
    name: 'developer',
    description: 'Every MCP server; of the demo tools those that only compute',
    mcpAccess: ['*'],
    toolRestrictions: { demo: developerTools },
    dashboardAccess: 'none',
    rateLimit: 600,
    costLimitDaily: 25,
  },
  {
    name: 'viewer',
    description: 'Chat without tools',
    mcpAccess: [],
    toolRestrictions: {},
    dashboardAccess: 'none',
    rateLimit: 60,
    costLimitDaily: 25,
  },
]

interface DemoUser {
  readonly id: number
  readonly username: DemoUsername
  readonly name: string
  readonly role: string
  readonly active: boolean
  /** The message for a blocked user, and the reason of the block. */
  readonly block?: { readonly reason: string; readonly message: string }
}

export const demoUsers: readonly DemoUser[] = [
  { id: 1, username: 'admin', name: 'Ada Admin', role: 'admin', active: true },
  { id: 2, username: 'developer', name: 'Dev Developer', role: 'developer', active: true },
  { id: 3, username: 'viewer', name: 'Vera Viewer', role: 'viewer', active: true },
  {
    id: 4,
    username: 'blocked',
    name: 'Bo Blocked',
    role: 'developer',
    active: true,
    block: {
      reason: 'demo of a blocked account',
      message: 'Your account is blocked for this demo. Ask an administrator.',
    },
  },
  { id: 5, username: 'inactive', name: 'Ina Inactive', role: 'developer', active: false },
]
