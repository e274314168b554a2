/** Where a request was sent to, as the browser sees it. */
export interface AskedSite {
  /** Host and port, as `Host` has them. */
  readonly host: string | undefined
  /** Whether it was https; undefined where that is not known, then the scheme is not compared. */
  readonly isSecure?: boolean | undefined
}

/** Says from which origins pages may ask. */
export interface OriginRules {
  /** Whether a page of this origin may ask this site. */
  readonly allows: (origin: string, asked: AskedSite) => boolean
}

/**
 * Makes the rules of a service. Pages of the very site that they ask may, and those of `added` origins; where `only` names
 * some, these take the place of the site's own. Listed origins are compared letter by letter.
 */
export function makeOriginRules({
  added,
  only,
}: {
  added: readonly string[]
  only: readonly string[]
}): OriginRules {
  const listed = new Set([...added, ...only])
  return {
    allows: (origin, asked) => listed.has(origin) || (only.length === 0 && isOwn(origin, asked)),
  }
}

/** False for a value that is not the origin of a page, such as the `null` of a sandboxed one. */
function isOwn(origin: string, { host, isSecure }: AskedSite): boolean {
  const url = URL.parse(origin)
  if (url === null || host === undefined || url.origin !== origin) return false
  const hasScheme = isSecure === undefined || url.protocol === (isSecure ? 'https:' : 'http:')
  return hasScheme && url.host === host.toLowerCase()
}
