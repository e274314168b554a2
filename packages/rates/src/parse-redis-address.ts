import type { RedisOptions } from 'ioredis'

const sentinelAddress =
  /^(?<scheme>rediss?)\+sentinel:\/\/(?:(?<login>[^@/]*)@)?(?<hosts>[^@/?#]+)\/(?<name>[^/?#]+)(?:\/(?<db>\d+))?(?:\?(?<query>.*))?$/
const defaultSentinelPort = 26_379

/** Where Redis is: one address, or sentinels that know which of its nodes counts. */
export type RedisAddress = { readonly url: string } | { readonly sentinels: RedisOptions }

/**
 * Reads `redis://[user:password@]host:port[/db]`, or `redis+sentinel://[user:password@]host:port,host:port/name[/db]` with
 * `?sentinelUsername=…&sentinelPassword=…` where sentinels ask for a login too; with `rediss` in place of `redis` for TLS.
 * Undefined for anything else.
 */
export function parseRedisAddress(text: string): RedisAddress | undefined {
  const parts = sentinelAddress.exec(text)?.groups
  if (parts !== undefined) return parseSentinels(parts)
  return /^rediss?:\/\//.test(text) && URL.canParse(text) ? { url: text } : undefined
}

/** What an address that cannot be read is answered with. */
export const redisAddressForm = 'must be redis://…, rediss://… or redis+sentinel://host:port,…/name'

/** True for what parseRedisAddress reads. */
export const isRedisAddress = (text: string): boolean => parseRedisAddress(text) !== undefined

function parseSentinels(parts: Record<string, string | undefined>): RedisAddress | undefined {
  const { scheme, login = '', hosts = '', name = '', db = '0', query = '' } = parts
  const urls = hosts.split(',').map((host) => URL.parse(`redis://${host}`))
  const user = URL.parse(`redis://${login}@host`)
  if (user === null || urls.includes(null)) return undefined
  const sentinel = new URLSearchParams(query)
  return {
    sentinels: {
      sentinels: urls.flatMap((url) =>
        url === null
          ? []
          : [{ host: url.hostname.replaceAll(/[[\]]/g, ''), port: Number(url.port) || defaultSentinelPort }],
      ),
      name: decodeURIComponent(name),
      db: Number(db),
      ...pick('username', decodeURIComponent(user.username)),
      ...pick('password', decodeURIComponent(user.password)),
      ...pick('sentinelUsername', sentinel.get('sentinelUsername')),
      ...pick('sentinelPassword', sentinel.get('sentinelPassword')),
      ...(scheme === 'rediss' ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
    },
  }
}

const pick = (name: string, value: string | null): Record<string, string> => (value ? { [name]: value } : {})
