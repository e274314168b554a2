import type { FastifyReply } from 'fastify'
import type { Tokens } from '@omni2/contracts'
import { writeLoginCookie } from '../proof/login-cookies.ts'
import type { Entry } from '../proof/read-entry.ts'

/** Answers with tokens, and with both as cookies for browsers' pages. */
export function sendTokens(
  reply: FastifyReply,
  tokens: Tokens,
  entry: Entry,
  { refreshTokenSeconds }: { readonly refreshTokenSeconds: number },
): FastifyReply {
  const access = { value: tokens.access_token, seconds: tokens.expires_in }
  const refresh = { value: tokens.refresh_token, seconds: refreshTokenSeconds }
  return reply
    .header('set-cookie', [
      ...writeLoginCookie('access', access, entry),
      ...writeLoginCookie('refresh', refresh, entry),
    ])
    .header('cache-control', 'no-store')
    .send(tokens)
}
