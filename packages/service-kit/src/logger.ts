import { traceFields } from '@omni2/telemetry'
import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger }

/** Where secrets and users' words could stand in a logged object. */
const redacted = [
  'authorization',
  'cookie',
  'password',
  'token',
  'access_token',
  'refresh_token',
  'resume_token',
  'ticket',
  'text',
  'user_text',
  'answer',
  'question',
  'apiKey',
]

/**
 * Opens a service's log: JSON lines on stdout with ISO times, and their trace where there is one; no secret and nothing
 * user-written gets through.
 */
export function openLogger(
  service: { name: string; instance: string; level: string },
  destination?: DestinationStream,
): Logger {
  const paths = redacted.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])
  return pino(
    {
      level: service.level,
      base: { service: service.name, instance: service.instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceFields,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths, censor: '[redacted]' },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  )
}

/** What an error says of itself; other fields of database errors quote the rows they are about. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  return {
    type: name,
    message,
    ...code,
    stack,
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  }
}
