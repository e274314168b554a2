import type { McpServerRow } from '@omni2/db'

type Fields = Readonly<Record<string, unknown>>

/** Headers that carry a server's credentials, from `auth_type` and `auth_config`; undefined when they cannot be read. */
export function parseAuthHeaders({
  auth_type,
  auth_config,
}: Pick<McpServerRow, 'auth_type' | 'auth_config'>): Record<string, string> | undefined {
  const type = (auth_type ?? 'none').toLowerCase().replaceAll(/[-_ ]/g, '')
  if (type === '' || type === 'none') return {}
  if (!isRecord(auth_config)) return undefined
  const headers = readHeaders(type, auth_config)
  return headers && isSendable(headers) ? headers : undefined
}

/** By kind of credentials, each under the names that configurations use for it. */
function readHeaders(type: string, config: Fields): Fields | undefined {
  switch (type) {
    case 'bearer':
    case 'bearertoken':
    case 'token':
      return withText(findText(config, 'token', 'bearer_token', 'access_token'), (token) => ({
        authorization: `Bearer ${token}`,
      }))
    case 'apikey': {
      const name = findText(config, 'header_name', 'header', 'key_name') ?? 'X-API-Key'
      return withText(findText(config, 'api_key', 'key', 'value', 'token'), (key) => ({ [name]: key }))
    }
    case 'basic': {
      const name = findText(config, 'username', 'user') ?? ''
      return withText(findText(config, 'password'), (password) => ({
        authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
      }))
    }
    case 'custom':
    case 'header':
    case 'headers':
    case 'customheader':
    case 'customheaders':
      return isRecord(config['headers']) ? config['headers'] : config
    default:
      return undefined
  }
}

const findText = (config: Fields, ...names: string[]): string | undefined =>
  names.map((name) => config[name]).find((value) => typeof value === 'string' && value !== '') as
    | string
    | undefined

const withText = (text: string | undefined, make: (text: string) => Fields): Fields | undefined =>
  text === undefined ? undefined : make(text)

/** Names that decide how a request is framed or routed are not a row's to set. */
const reserved = /^(host|connection|content-length|transfer-encoding|te|upgrade|mcp-.*)$/i

function isSendable(headers: Fields): headers is Record<string, string> {
  const entries = Object.entries(headers)
  if (
    entries.length === 0 ||
    entries.some(([name, value]) => typeof value !== 'string' || reserved.test(name))
  )
    return false
  try {
    return entries.every(([name, value]) => new Headers([[name, String(value)]]))
  } catch {
    return false
  }
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
