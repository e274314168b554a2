import { accessCookies, refreshCookies } from '@omni2/contracts'
import { AccessRefused } from '../access-refused.ts'
import type { Entry } from './read-entry.ts'

type Site = Pick<Entry, 'isSecure' | 'host'>

/** The access token, and the refresh token that outlives it. */
type CookieKind = 'access' | 'refresh'

/**
 * A page that was reached from elsewhere by a link is logged in at once, so `Lax` for access; only a page of the same site
 * refreshes. The path is everything in both: `__Host-` asks for it, and a proxy may serve us below a path of its own.
 */
const kinds = {
  access: { names: accessCookies, sameSite: 'Lax' },
  refresh: { names: refreshCookies, sameSite: 'Strict' },
} as const

/** Reads a token from the cookie of this site; throws AccessRefused when there are two. */
export function readLoginCookie(
  kind: CookieKind,
  cookies: string | undefined,
  site: Site,
): string | undefined {
  const name = nameCookie(kind, site)
  const values = (cookies ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => name !== undefined && pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(pair.indexOf('=') + 1))
  if (values.length > 1) throw new AccessRefused('token_malformed')
  return values[0] === '' ? undefined : values[0]
}

/** Writes `Set-Cookie` for a token of a life in seconds; nothing where no cookie is safe. */
export function writeLoginCookie(
  kind: CookieKind,
  token: { readonly value: string; readonly seconds: number },
  site: Site,
): string[] {
  const name = nameCookie(kind, site)
  if (name === undefined) return []
  const { sameSite } = kinds[kind]
  const secure = site.isSecure ? '; Secure' : ''
  return [`${name}=${token.value}; Path=/; Max-Age=${token.seconds}; HttpOnly; SameSite=${sameSite}${secure}`]
}

/** Writes `Set-Cookie` that makes the browser forget both tokens. */
export const clearLoginCookies = (site: Site): string[] =>
  (['access', 'refresh'] as const).flatMap((kind) => writeLoginCookie(kind, { value: '', seconds: 0 }, site))

/** Over http, except on loopback, others on the network could read a cookie, so there is none. */
function nameCookie(kind: CookieKind, { isSecure, host }: Site): string | undefined {
  const { names } = kinds[kind]
  if (isSecure) return names.https
  return isLoopback(host) ? names.http : undefined
}

function isLoopback(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? ''
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127\.[\d.]+$/.test(name)
}
