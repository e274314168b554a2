import { ChatError } from './chat-error.ts'

const protocols: Readonly<Record<string, string>> = {
  'http:': 'http:',
  'https:': 'https:',
  'ws:': 'http:',
  'wss:': 'https:',
}

/**
 * Where the paths of a deployment begin, over http(s): a path of its own is kept, and no slash stands at the end. In a
 * page the address may be relative. Throws ChatError (`invalid_url`).
 */
export function parseDeploymentUrl(text: string): string {
  const url = parseUrl(text)
  const protocol = url && protocols[url.protocol]
  if (!url || protocol === undefined || url.username !== '' || url.password !== '')
    throw new ChatError(
      'invalid_url',
      `url: ${text} is not the address of a deployment; give one such as https://chat.example.org.`,
    )
  return `${protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '')
}

function parseUrl(text: string): URL | undefined {
  const { location } = globalThis as { location?: { readonly href: string } }
  try {
    return new URL(text, location?.href)
  } catch {
    return undefined
  }
}
