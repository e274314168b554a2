import { ChatError, makeCancelled } from './chat-error.ts'
import { describeSilence } from './describe-silence.ts'
import { readHttpError } from './read-http-error.ts'

export type RequestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RequestDeps {
  readonly url: string
  readonly fetch: typeof fetch
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON. */
  readonly body?: object
  readonly signal?: AbortSignal | undefined
}

/** Longest wait for an answer, in milliseconds; other requests may wait for this one. */
const patienceMs = 30_000

/** Sends a request, the browser's cookies along with it, and returns the text of the answer; throws ChatError. */
export async function sendRequest(
  method: RequestMethod,
  path: string,
  { url, fetch, headers, body, signal }: RequestDeps,
): Promise<string> {
  const ending = new AbortController()
  const end = () => ending.abort()
  const timer = setTimeout(end, patienceMs)
  signal?.addEventListener('abort', end)
  if (signal?.aborted) end()
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      credentials: 'include',
      ...(body && { body: JSON.stringify(body) }),
      signal: ending.signal,
    })
    if (response.ok) return await response.text()
    throw await readHttpError(response)
  } catch (error) {
    if (signal?.aborted) throw makeCancelled(signal)
    throw error instanceof ChatError
      ? error
      : await describeSilence({ url, fetch, signal: ending.signal, cause: error })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}
