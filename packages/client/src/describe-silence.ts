import { ChatError } from './chat-error.ts'

interface SilenceDeps {
  readonly url: string
  readonly fetch: typeof fetch
  /** The signal that may have aborted the request. */
  readonly signal?: AbortSignal | undefined
  readonly cause?: unknown
}

/**
 * Why a request got no readable answer. A browser does not say whether the server is away or refuses this page: a
 * server that answers a `no-cors` request is there.
 */
export async function describeSilence({ url, fetch, signal, cause }: SilenceDeps): Promise<ChatError> {
  const page = findForeignPage(url)
  if (page === undefined || signal?.aborted || !(await isThere(url, { fetch })))
    return new ChatError('connection_failed', 'The server cannot be reached.', { cause })
  return new ChatError(
    'foreign_origin',
    `${url} answers, but not pages of ${page}; its operator adds that origin to OMNI2_ORIGINS.`,
    { cause },
  )
}

/** The origin of the page that this runs in, where it is not the server's own. */
function findForeignPage(url: string): string | undefined {
  const { location } = globalThis as { location?: { readonly origin: string } }
  return location === undefined || location.origin === new URL(url).origin ? undefined : location.origin
}

async function isThere(url: string, { fetch }: Pick<SilenceDeps, 'fetch'>): Promise<boolean> {
  const request = { mode: 'no-cors', credentials: 'omit', cache: 'no-store' } as const
  return fetch(`${url}/auth/me`, request).then(
    () => true,
    () => false,
  )
}
