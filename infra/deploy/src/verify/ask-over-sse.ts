import type { Login } from './open-chat.ts'

/** Asks over the SSE bridge and returns the names of the events, in order, to the end of the stream. */
export async function askOverSse(message: string, { url, token }: Login): Promise<readonly string[]> {
  const response = await fetch(`${url}/ask/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ message }),
  })
  const body = await response.text()
  if (response.status !== 200) throw new Error(`/ask/stream: ${response.status} ${body}`)
  return [...body.matchAll(/^event: (.+)$/gm)].map(([, name = '']) => name)
}
