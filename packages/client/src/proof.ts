import { ChatError } from './chat-error.ts'
import { parseObject } from './parse-frame.ts'
import { sendRequest } from './send-request.ts'

/** Gives an access token; `renew` when the last one was refused or has expired. */
export type TokenProvider = (need: { readonly renew: boolean }) => string | Promise<string>

/**
 * How a client proves who it is. With a token, Node sends it as a header and a browser trades it for a ticket at
 * `POST /auth/ticket`. With neither field the browser's cookie is the proof.
 */
export interface Proof {
  readonly token?: string | TokenProvider | undefined
  /** Returns a new single-use ticket for each socket, for pages that get tickets elsewhere. */
  readonly ticket?: (() => Promise<string>) | undefined
}

interface ProofDeps {
  readonly url: string
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
}

/** The headers that prove a request; none for a cookie. Throws what the provider throws. */
export async function proveRequest(
  { token }: Proof,
  need: { renew: boolean },
): Promise<Record<string, string>> {
  if (token === undefined) return {}
  return { authorization: `Bearer ${typeof token === 'string' ? token : await token(need)}` }
}

/** Trades a request's proof for a ticket that opens one socket. */
export async function buyTicket(
  headers: Record<string, string>,
  { url, fetch, signal }: ProofDeps,
): Promise<string> {
  const ticket = parseObject(await sendRequest('POST', '/auth/ticket', { url, fetch, headers, signal }))?.[
    'ticket'
  ]
  if (typeof ticket !== 'string')
    throw new ChatError('bad_answer', 'The answer of /auth/ticket has no ticket.')
  return ticket
}

/** Whether a second request for a proof can return another one. */
export const isRenewable = ({ token }: Proof): boolean => typeof token !== 'string'
