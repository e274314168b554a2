/** SQLSTATE (PostgreSQL documentation, appendix A) for a broken unique key. */
const uniqueViolation = '23505'

/** SQLSTATEs that end or refuse a connection: shutdown, crash, starting up, idle limits, too many connections. */
const connectionStates = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '53300'])

/** Query canceled, lock not available, read-only transaction. */
const transientStates = new Set(['57014', '55P03', '25006'])

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** pg and Kysely report these without a code. */
const connectionMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  'Query read timeout',
  'Postgres connection has been discarded',
]

/** True for a broken unique key or index, of that name where one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== uniqueViolation) return false
  return constraint === undefined || (hasConstraint(error) && error.constraint === constraint)
}

/** True when the statement failed for its connection, not for what it asked: it may have run or not; try again. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined)
    return code.startsWith('08') || connectionStates.has(code) || connectionCodes.has(code)
  return error instanceof Error && connectionMessages.some((message) => error.message.startsWith(message))
}

/**
 * True when Postgres gave a statement up for a cause that passes: a deadlock or serialization failure, no resources, a
 * cancelled statement, or a standby that is not yet the primary.
 */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return (
    transientStates.has(code) ||
    code.startsWith('40') ||
    (code.startsWith('53') && !connectionStates.has(code))
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function hasConstraint(error: unknown): error is { constraint: unknown } {
  return typeof error === 'object' && error !== null && 'constraint' in error
}
