import type { RegisteredServer } from '@omni2/db'
import { ConsoleRefused } from '../console-refused.ts'

type Addressed = Pick<RegisteredServer, 'url' | 'auth_type' | 'auth_config'>

/** What a change says; undefined: it stays. */
interface Said {
  readonly url?: string | null | undefined
  readonly auth_type?: string | undefined
  readonly auth_config?: unknown
}

/**
 * Keeps stored credentials to the origin and the auth type for which an operator gave them. Throws ConsoleRefused when
 * a change names another origin or auth type without new credentials: otherwise an operator who may change a URL could
 * send the credentials there and read them.
 */
export function refuseTakingCredentials(stored: Addressed, said: Said): void {
  if (stored.auth_config == null || said.auth_config !== undefined) return
  const moved = [
    ...(said.url !== undefined && originOf(said.url) !== originOf(stored.url) ? ['url'] : []),
    ...(said.auth_type !== undefined && said.auth_type !== stored.auth_type ? ['auth_type'] : []),
  ]
  if (moved.length === 0) return
  const message = `changes with ${moved.join(' and ')}: give the credentials again, or null`
  throw new ConsoleRefused('invalid_input', { fields: { problems: [{ path: 'body.auth_config', message }] } })
}

const originOf = (url: string | null): string | null =>
  url === null ? null : (URL.parse(url)?.origin ?? null)
