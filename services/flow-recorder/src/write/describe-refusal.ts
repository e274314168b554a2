/**
 * SQLSTATE classes (PostgreSQL documentation, appendix A) that blame what was to be written: data exception, integrity
 * constraint violation, program limit exceeded.
 */
const refusalClasses = new Set(['22', '23', '54'])

/** Why a write can never succeed with this content; undefined for every error that may pass or that others can mend. */
export function describeRefusal(error: unknown): string | undefined {
  // What cannot be serialised: nested too deep, or longer than a string can be.
  if (error instanceof RangeError) return error.message
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return refusalClasses.has(error.code.slice(0, 2)) ? `${error.code} ${error.message}` : undefined
}
