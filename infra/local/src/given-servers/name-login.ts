/** The host and the user of a URL; never its password. */
export function nameLogin(url: string, defaultPort: number) {
  const { hostname, port, username, pathname } = new URL(url)
  return {
    place: `${hostname || 'localhost'}:${port || defaultPort}`,
    user: username === '' ? undefined : decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
  }
}
