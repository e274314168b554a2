import { ticketPath } from '@omni2/contracts'
import { AccessRefused } from '../access-refused.ts'
import { checkOrigin } from './check-origin.ts'
import { readLoginCookie } from './login-cookies.ts'
import { readBearerToken } from './read-bearer-token.ts'
import type { ProvingRequest } from './read-forwarded-request.ts'

interface TokenProof {
  readonly token: string
}

/** What a request proves itself with. */
export type Proof = TokenProof | { readonly ticket: string }

type Deps = Parameters<typeof checkOrigin>[1]

/**
 * Reads the one proof that counts: an `Authorization` header before a ticket, a ticket before the cookie. A bad one is
 * never passed over for the next. Throws AccessRefused, or OriginRefused for a cookie that a foreign page may have sent.
 */
export function readProof(request: ProvingRequest, deps: Deps): Proof {
  const hasTicket = request.authorization === undefined && request.tickets.length > 0
  return hasTicket ? { ticket: readTicket(request) } : readTokenProof(request, deps)
}

/** The same where a ticket is no proof. */
export function readTokenProof(request: ProvingRequest, deps: Deps): TokenProof {
  if (request.authorization !== undefined) return { token: readBearerToken(request.authorization) }
  const token = readLoginCookie('access', request.cookies, request.entry)
  if (token === undefined) throw new AccessRefused('token_missing')
  checkOrigin(request, deps)
  return { token }
}

function readTicket({ method, path, tickets }: ProvingRequest): string {
  if (method !== 'GET' || path !== ticketPath) throw new AccessRefused('ticket_elsewhere')
  const [ticket, ...more] = tickets
  if (ticket === undefined || more.length > 0) throw new AccessRefused('bad_ticket')
  return ticket
}
