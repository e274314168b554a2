import type { RegisteredServer } from '@omni2/db'
import { mask, maskUrl } from './mask-url.ts'

/** A server as operators and audit rows may see it: of its credentials only the names. */
export type MaskedServer = Omit<RegisteredServer, 'auth_config'> & {
  readonly auth_config: Record<string, string> | null
}

/** Hides every value of a server's credentials, also of those in its URL. */
export const maskServer = ({ url, auth_config, ...server }: RegisteredServer): MaskedServer => ({
  ...server,
  url: maskUrl(url),
  auth_config: maskConfig(auth_config),
})

function maskConfig(config: unknown): Record<string, string> | null {
  if (config === null || config === undefined) return null
  if (typeof config !== 'object' || Array.isArray(config)) return { value: mask }
  return Object.fromEntries(Object.keys(config).map((name) => [name, mask]))
}
