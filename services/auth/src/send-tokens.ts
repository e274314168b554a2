import type { FastifyReply } from 'fastify'
import type { Tokens } from '@omni2/contracts'
import { writeAccessCookie } from './access-cookie.ts'
import type { Entry } from './read-entry.ts'

/** Answers with tokens, and with the access token as a cookie for browsers' pages. */
export function sendTokens(reply: FastifyReply, tokens: Tokens, entry: Entry): FastifyReply {
  const cookie = writeAccessCookie({ value: tokens.access_token, seconds: tokens.expires_in }, entry)
  if (cookie !== undefined) reply.header('set-cookie', cookie)
  return reply.header('cache-control', 'no-store').send(tokens)
}
