import { type IncomingMessage, request as httpRequest } from 'node:http'
import { type Answer, readAnswer } from './answers.ts'
import { awaitAnswer } from './await-answer.ts'
import type { GatewayConfig } from './config.ts'
import { readIdentity } from './identity-headers.ts'

/** Auth approves the request, or answers the client itself. */
export type Verdict = { readonly identity: Record<string, string> } | { readonly refusal: Answer }

interface AuthDeps {
  readonly config: Pick<GatewayConfig, 'AUTH_URL' | 'GATEWAY_AUTH_TIMEOUT_MS'>
  /** Aborted once the client is gone. */
  readonly gone: AbortSignal
}

/** ForwardAuth: asks auth whether the request may pass and who the user is. Rejects when auth does not answer. */
export async function askAuth(request: IncomingMessage, { config, gone }: AuthDeps): Promise<Verdict> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(config.GATEWAY_AUTH_TIMEOUT_MS)])
  const url = `${config.AUTH_URL}/validate`
  // The signal bounds the answer's body too.
  const asking = httpRequest(url, { headers: describeRequest(request), agent: false, signal })
  try {
    asking.end()
    const { response, switched } = await awaitAnswer(asking, signal)
    switched?.connection.destroy()
    if (switched) throw new Error('auth switches to another protocol')
    const answer = await readAnswer(response)
    if (answer.status < 300) return { identity: readIdentity(response.headers) }
    return { refusal: answer }
  } finally {
    asking.destroy()
  }
}

/** The original request, as ForwardAuth describes it. */
function describeRequest({ method, url, headers }: IncomingMessage): Record<string, string> {
  const passed = ['authorization', 'cookie', 'origin', 'sec-fetch-site', 'user-agent']
  const forwarded = Object.keys(headers).filter((name) => name.startsWith('x-forwarded-'))
  const said = [...passed, ...forwarded].flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, [value].flat().join(', ')] as const]
  })
  return { ...Object.fromEntries(said), 'x-forwarded-method': method ?? 'GET', 'x-forwarded-uri': url ?? '/' }
}
