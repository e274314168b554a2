/** The URL of the database is missing or no `postgres://` URL; the message never contains it, for its password. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError'
}

/** Throws a DatabaseUrlError unless `databaseUrl` is a `postgres://` or `postgresql://` URL. */
export function parseDatabaseUrl(databaseUrl: string): URL {
  const url = URL.parse(databaseUrl)
  if (url === null) throw new DatabaseUrlError('the database URL is not a URL')
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new DatabaseUrlError(`the database URL begins with ${url.protocol}//, not with postgres://`)
  }
  return url
}
