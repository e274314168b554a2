import type { ErrorDetails } from './chat-error.ts'

/** What an error frame or the body of a refusal says about the error; a field that is of another kind is left out. */
export function readErrorFields(fields: Readonly<Record<string, unknown>>): ErrorDetails {
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined)
  const number = (name: string) => (Number.isFinite(fields[name]) ? Number(fields[name]) : undefined)
  return {
    retryAfterMs: number('retry_after_ms'),
    resetAt: text('reset_at'),
    limitKind: text('limit_kind') as ErrorDetails['limitKind'],
    limit: number('limit'),
    used: number('used'),
    remaining: number('remaining'),
    limits: Array.isArray(fields['limits']) ? fields['limits'] : undefined,
    endedAt: text('ended_at'),
    turnId: text('session_id'),
    cause: text('cause'),
  }
}
