import { readFileSync } from 'node:fs'
import { DatabaseUrlError } from './database-url.ts'

/** DATABASE_URL, or what the file of DATABASE_URL_FILE holds; empty where neither is set. Throws DatabaseUrlError. */
export function readDatabaseUrl(env: Readonly<Record<string, string | undefined>>): string {
  const file = env['DATABASE_URL_FILE']
  if (!file) return env['DATABASE_URL'] ?? ''
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new DatabaseUrlError('the file of DATABASE_URL_FILE cannot be read', { cause })
  }
}
