import { makeCancelled } from './chat-error.ts'
import { describeSilence } from './describe-silence.ts'
import { readHttpError } from './read-http-error.ts'

interface PostDeps {
  readonly url: string
  readonly fetch: typeof fetch
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: object
  readonly signal?: AbortSignal | undefined
}

/** Posts, the browser's cookies along with it, and returns the text of the answer; throws ChatError. */
export async function post(path: string, { url, fetch, headers, body, signal }: PostDeps): Promise<string> {
  const request = {
    method: 'POST',
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    credentials: 'include',
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  } as const
  try {
    const response = await fetch(`${url}${path}`, request).catch(async (cause: unknown) => {
      throw await describeSilence({ url, fetch, signal, cause })
    })
    if (!response.ok) throw await readHttpError(response)
    return await response.text()
  } catch (error) {
    throw signal?.aborted ? makeCancelled(signal) : error
  }
}
