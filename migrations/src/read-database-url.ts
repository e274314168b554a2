import { readFileSync } from 'node:fs'
import { DatabaseUrlError } from './database-url.ts'

/** A variable, or what the file of its `_FILE` holds; empty where neither is set. Throws DatabaseUrlError. */
export function readDatabaseUrl(
  name: 'DATABASE_URL' | 'DATABASE_SERVICE_URL',
  env: Readonly<Record<string, string | undefined>>,
): string {
  const file = env[`${name}_FILE`]
  if (!file) return env[name] ?? ''
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new DatabaseUrlError(`the file of ${name}_FILE cannot be read`, { cause })
  }
}
