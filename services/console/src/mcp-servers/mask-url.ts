/** What stands in place of a secret. */
export const mask = '[secret]'

/**
 * A server's URL as operators and audit rows may see it: without userinfo, values of the query and fragment. What is no
 * http or https URL, as an old row may hold, is hidden whole.
 */
export function maskUrl(url: string): string {
  if (url === '') return url
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return mask
  const { protocol, username, password, host, pathname, search, hash } = parsed
  if (`${username}${password}${search}${hash}` === '') return url
  const userinfo = `${username}${password}` === '' ? '' : `${mask}@`
  return `${protocol}//${userinfo}${host}${pathname}${maskQuery(search)}${hash === '' ? '' : `#${mask}`}`
}

/** Whether a URL is one that was shown with its secrets hidden, or part of it is. */
export function isMaskedUrl(url: string): boolean {
  const query = URL.parse(url)?.searchParams ?? []
  return [...query].some(([name, value]) => name === mask || value === mask)
}

/** Keeps names; a value without a name may be a key just as well. */
function maskQuery(search: string): string {
  if (search === '') return ''
  const pairs = search.slice(1).split('&')
  return `?${pairs.map((pair) => (pair.includes('=') ? `${nameOf(pair)}=${mask}` : mask)).join('&')}`
}

const nameOf = (pair: string): string => pair.slice(0, pair.indexOf('='))
