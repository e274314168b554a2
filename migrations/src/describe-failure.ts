import { DatabaseUrlError } from './database-url.ts'
import { MigrationFailedError } from './finish-run.ts'
import { UnknownMigrationError } from './refuse-unknown-migrations.ts'

/** One line an operator can act on; says where the server is, never the password. */
export function describeFailure(error: unknown, databaseUrl: string): string {
  if (error instanceof DatabaseUrlError) return `DATABASE_URL: ${error.message}`
  if (error instanceof UnknownMigrationError) return error.message
  if (error instanceof MigrationFailedError)
    return `${error.message}: ${describeCause(error.cause, databaseUrl)}`
  return describeCause(error, databaseUrl)
}

function describeCause(error: unknown, databaseUrl: string): string {
  const message = messageOf(error)
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `no database server answers at ${placeOf(databaseUrl)}`
    case '28000':
    case '28P01':
      return `the server at ${placeOf(databaseUrl)} refuses the login: ${message}`
    case '3D000':
      return `the server at ${placeOf(databaseUrl)} has no such database: ${message}`
    case '42501':
      return `no permission: ${message} (the migrating role must own the tables and may create schemas)`
    case '55P03':
      return `another transaction holds a lock on the table: ${message}; end it and run again`
    default:
      return message
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** Node's AggregateError of a refused connection has a code and no message. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || String(codeOf(error)) : String(error)
}

function placeOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl)
  return `${url?.hostname || 'localhost'}:${url?.port || '5432'}`
}
