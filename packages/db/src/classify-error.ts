/** SQLSTATE (PostgreSQL documentation, appendix A) for a broken unique key. */
const uniqueViolation = '23505'

/** SQLSTATE for a statement that would write where a session can only read. */
export const readOnlyState = '25006'

/**
 * SQLSTATEs that end or refuse a session, or that a session of the wrong node has: shutdown, crash, starting up, database
 * dropped, limits of idleness and of transactions, too many connections, unknown user or database, read-only.
 */
const connectionStates = new Set([
  readOnlyState,
  '57P01',
  '57P02',
  '57P03',
  '57P04',
  '57P05',
  '25P03',
  '25P04',
  '53300',
  '28000',
  '28P01',
  '3D000',
])

/** Query canceled, lock not available, and a prepared statement that the session has lost. */
const transientStates = new Set(['57014', '55P03', '26000'])

/** Where Postgres refuses a plan whose table has changed since, under SQLSTATE 0A000 as much else. */
const stalePlanRoutine = 'RevalidateCachedQuery'

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
 * cancelled statement, or one that has to be prepared again.
 */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return (
    transientStates.has(code) ||
    hasStalePlan(error) ||
    code.startsWith('40') ||
    (code.startsWith('53') && !connectionStates.has(code))
  )
}

/** True when a statement failed for a cause that passes; whoever asked for it may ask again later. */
export const isUnavailable = (error: unknown): boolean => isConnectionLost(error) || isTransient(error)

/** True when Postgres had no room on its disk or no memory, which an operator has to give it. */
export const isOutOfResources = (error: unknown): boolean => ['53100', '53200'].includes(codeOf(error) ?? '')

/** True when a statement failed for the node that its session is on: a standby, or fenced off. */
export const isReadOnly = (error: unknown): boolean => codeOf(error) === readOnlyState

/** True when a statement failed for what its session is or holds, so that it fails there again. */
export const isSessionStale = (error: unknown): boolean =>
  isReadOnly(error) || codeOf(error) === '26000' || hasStalePlan(error)

const hasStalePlan = (error: unknown): boolean =>
  error instanceof Error && 'routine' in error && error.routine === stalePlanRoutine

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function hasConstraint(error: unknown): error is { constraint: unknown } {
  return typeof error === 'object' && error !== null && 'constraint' in error
}
