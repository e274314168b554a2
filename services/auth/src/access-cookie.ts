import { accessCookies } from '@omni2/contracts'
import { AccessRefused } from './access-refused.ts'
import type { Entry } from './read-entry.ts'

type Site = Pick<Entry, 'isSecure' | 'host'>

/** Reads the access token from the cookie of this site; throws AccessRefused when there are two. */
export function readAccessCookie(cookies: string | undefined, site: Site): string | undefined {
  const name = nameCookie(site)
  const values = (cookies ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => name !== undefined && pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(pair.indexOf('=') + 1))
  if (values.length > 1) throw new AccessRefused('token_malformed')
  return values[0] === '' ? undefined : values[0]
}

/** Writes `Set-Cookie` for an access token of a life in seconds; undefined where no cookie is safe. */
export function writeAccessCookie(
  token: { readonly value: string; readonly seconds: number },
  site: Site,
): string | undefined {
  const name = nameCookie(site)
  if (name === undefined) return undefined
  const secure = site.isSecure ? '; Secure' : ''
  return `${name}=${token.value}; Path=/; Max-Age=${token.seconds}; HttpOnly; SameSite=Lax${secure}`
}

/** Writes `Set-Cookie` that makes the browser forget the token. */
export const clearAccessCookie = (site: Site): string | undefined =>
  writeAccessCookie({ value: '', seconds: 0 }, site)

/** Over http on anything but loopback everybody on the way could read a cookie, so there is none. */
function nameCookie({ isSecure, host }: Site): string | undefined {
  if (isSecure) return accessCookies.https
  return isLoopback(host) ? accessCookies.http : undefined
}

function isLoopback(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? ''
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127\.[\d.]+$/.test(name)
}
