import type { FastifyInstance, FastifyReply } from 'fastify'
import type { HttpCodeName, HttpCodeOf } from '@omni2/contracts'
import { isUnavailable, type WatchedClock } from '@omni2/db'
import { RetryableError, type Logger } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import { OriginRefused } from '../origin-refused.ts'
import { InvalidBody } from './parse-body.ts'
import { TooManyLogins } from '../login/too-many-logins.ts'

interface Answer {
  readonly status: number
  readonly code: HttpCodeName
  readonly error: string
  readonly headers?: Record<string, string>
}

/** Fastify's own refusals of a body that never reached an operation. */
const bodyRefusals: Record<string, Answer> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'body_too_large', error: 'The body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    error: 'Send the body as application/json.',
  },
}

interface AnswerDeps {
  readonly log: Logger
  readonly clock: WatchedClock
}

/** Translates every error into a JSON answer `{error, code}`: no stack, no SQL; logs what operators need to know. */
export function answerErrors(app: FastifyInstance, { log, clock }: AnswerDeps): void {
  app.setNotFoundHandler((_request, reply) =>
    send(reply, { status: 404, code: 'not_found', error: 'There is nothing at this path.' }),
  )
  app.setErrorHandler((error, _request, reply) => {
    const answer = translate(error)
    logFailure(error, answer, { log, clock })
    return send(reply, answer)
  })
}

function translate(error: unknown): Answer {
  if (error instanceof AccessRefused) return refuse(error)
  if (error instanceof OriginRefused) return { status: 403, code: error.code, error: error.message }
  if (error instanceof TooManyLogins)
    return { ...postpone('too_many_logins', error.message, error.retryAfterMs), status: 429 }
  if (error instanceof InvalidBody) return { status: 422, code: 'invalid_body', error: error.message }
  if (error instanceof RetryableError) return postpone(nameDelay(error), error.message, error.retryAfterMs)
  if (isUnavailable(error)) return postpone('unavailable', 'The service is not available right now.')
  return translateFastify(error) ?? { status: 500, code: 'internal', error: 'Something went wrong here.' }
}

const withoutProof: ReadonlySet<string> = new Set([
  'token_missing',
  'refresh_token_missing',
  'bad_credentials',
])

/** A request without proof gets the bare challenge, a bad proof also its reason (RFC 6750 §3). */
function refuse({ code, message }: AccessRefused): Answer {
  const hasProof = !withoutProof.has(code)
  const challenge = hasProof ? `Bearer error="invalid_token", error_description="${message}"` : 'Bearer'
  return { status: 401, code, error: message, headers: { 'www-authenticate': challenge } }
}

/** Other services and servers have codes of their own, which are no concern of clients. */
const nameDelay = ({ code }: RetryableError): HttpCodeOf<503> =>
  code === 'busy' || code === 'keys_unavailable' ? code : 'unavailable'

function postpone(code: HttpCodeName, error: string, retryAfterMs = 1_000): Answer {
  return { status: 503, code, error, headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) } }
}

function translateFastify(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const known = 'code' in error ? bodyRefusals[String(error.code)] : undefined
  if (known !== undefined || error.statusCode !== 400) return known
  return { status: 422, code: 'invalid_json', error: 'The body is not valid JSON.' }
}

/** Refusals that a wrong clock can be the cause of. */
const timedCodes: ReadonlySet<string> = new Set([
  'token_expired',
  'token_not_yet_valid',
  'login_expired',
  'bad_ticket',
])

function logFailure(error: unknown, { status, code }: Answer, { log, clock }: AnswerDeps): void {
  const { differenceMs } = clock
  if (differenceMs !== 0 && timedCodes.has(code))
    log.warn(
      { code, difference_ms: differenceMs },
      'access refused while the clock differs from that of postgres',
    )
  else if (error instanceof AccessRefused) log.info({ code, user_id: error.userId }, 'access refused')
  else if (error instanceof OriginRefused) log.info({ code }, 'access refused')
  else if (error instanceof TooManyLogins) log.info({ code, scope: error.scope }, 'login throttled')
  else if (status === 500) log.error({ err: error }, 'request failed')
  else if (status === 503) log.warn({ code, err: error }, 'request postponed')
}

function send(reply: FastifyReply, { status, code, error, headers }: Answer): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', ...headers })
    .send({ error, code })
}
