import type { FastifyInstance, FastifyReply } from 'fastify'
import { isUnavailable } from '@omni2/db'
import { IdentityRefused } from '@omni2/identity'
import { RetryableError, type Logger } from '@omni2/service-kit'
import { ConsoleRefused } from '../console-refused.ts'
import type { ConsoleMetrics } from '../metrics.ts'
import type { RefusalCode } from '../refusal-codes.ts'

interface Answer {
  readonly status: number
  readonly code: RefusalCode
  readonly error: string
  readonly fields?: Readonly<Record<string, unknown>>
}

const unavailable: Answer = {
  status: 503,
  code: 'unavailable',
  error: 'The service is not available right now.',
  fields: { retry_after_ms: 1000 },
}

const nothingThere: Answer = { status: 404, code: 'not_found', error: 'There is nothing at this path.' }

/** Fastify's own refusals of a request that never reached an operation. */
const fastifyRefusals: Record<string, Answer> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'body_too_large', error: 'The body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    error: 'Send the body as application/json.',
  },
  FST_ERR_BAD_URL: nothingThere,
}

interface AnswerDeps {
  readonly metrics: Pick<ConsoleMetrics, 'refusals'>
}

/** Translates every error into a JSON answer `{error, code, …}`: no stack, no SQL; counts it, logs what operators need. */
export function answerErrors(app: FastifyInstance, { metrics }: AnswerDeps): void {
  app.setNotFoundHandler((_request, reply) => {
    metrics.refusals.add(1, { reason: nothingThere.code })
    return send(reply, nothingThere)
  })
  app.setErrorHandler((error, request, reply) => {
    const answer = translate(error)
    metrics.refusals.add(1, { reason: answer.code })
    logFailure(error, answer, request.log as Logger)
    return send(reply, answer)
  })
}

function translate(error: unknown): Answer {
  if (error instanceof ConsoleRefused || error instanceof IdentityRefused) {
    const fields = 'fields' in error ? error.fields : error.status === 503 ? { retry_after_ms: 1000 } : {}
    return { status: error.status, code: error.code, error: error.message, fields }
  }
  if (error instanceof RetryableError || isUnavailable(error)) return unavailable
  return translateFastify(error) ?? { status: 500, code: 'internal', error: 'Something went wrong here.' }
}

function translateFastify(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const known = 'code' in error ? fastifyRefusals[String(error.code)] : undefined
  if (known !== undefined || error.statusCode !== 400) return known
  return { status: 422, code: 'invalid_json', error: 'The body is not valid JSON.' }
}

function logFailure(error: unknown, { status, code }: Answer, log: Logger): void {
  if (status === 500) log.error({ err: error }, 'request failed')
  else if (status === 503) log.warn({ err: error }, 'request postponed')
  else log.info({ code }, 'request refused')
}

function send(reply: FastifyReply, { status, code, error, fields = {} }: Answer): FastifyReply {
  const { retry_after_ms } = fields
  if (typeof retry_after_ms === 'number')
    reply.header('retry-after', String(Math.ceil(retry_after_ms / 1000)))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ error, code, ...fields })
}
