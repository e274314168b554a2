import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { EdgeConfig } from '../config.ts'
import type { EdgeMetrics } from '../metrics.ts'
import type { RequestRefused } from './request-refused.ts'
import type { UpgradeRefused } from '../upgrade-refused.ts'
import { describeLimit } from './describe-limit.ts'

/** Both say status, code and text; only refusals of the bridge have more to say. */
export type Refusal = UpgradeRefused | RequestRefused

interface RefusalDeps {
  readonly config: Pick<EdgeConfig, 'EDGE_RETRY_AFTER_MS'>
  readonly metrics: Pick<EdgeMetrics, 'answers'>
}

/** When to come back, as refusals say it. */
const retrySchema = z.object({
  retry_after_ms: z.number().optional(),
  reset_at: z.iso.datetime().optional(),
})

/** Answers a request with its refusal's status and JSON `{error, code, …}`; for 429 and 503 says when to come back. */
export function answerRefusal(
  response: ServerResponse,
  refused: Refusal,
  { config, metrics }: RefusalDeps,
): void {
  const { status, code, message } = refused
  const fields = 'fields' in refused ? refused.fields : {}
  const now = Date.now()
  metrics.answers.add(1, { result: status >= 500 ? 'refused_5xx' : 'refused_4xx' })
  const body = Buffer.from(`${JSON.stringify({ error: message, code, ...fields })}\n`)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...describeStatus(refused, readRetryAfterMs(fields, now) ?? config.EDGE_RETRY_AFTER_MS),
    ...(status === 429 ? describeLimit(fields, now) : {}),
    ...(typeof fields['allow'] === 'string' ? { allow: fields['allow'] } : {}),
  })
  response.end(body)
}

function describeStatus({ status, code }: Refusal, retryAfterMs: number): OutgoingHttpHeaders {
  if (status === 401) return { 'www-authenticate': 'Bearer' }
  if (status !== 429 && status !== 503) return {}
  const retryAfter = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }
  // A connection kept alive would bring the next request to the edge that leaves.
  return code === 'draining' ? { ...retryAfter, connection: 'close' } : retryAfter
}

function readRetryAfterMs(fields: Readonly<Record<string, unknown>>, now: number): number | undefined {
  const { retry_after_ms, reset_at } = retrySchema.safeParse(fields).data ?? {}
  return retry_after_ms ?? (reset_at === undefined ? undefined : Date.parse(reset_at) - now)
}
