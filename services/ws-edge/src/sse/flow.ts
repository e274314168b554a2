import type { Identity } from '@omni2/contracts'
import { IdentityRefused } from '@omni2/identity'
import type { Logger } from '@omni2/service-kit'
import type { EdgeConfig } from '../config.ts'
import type { EdgeMetrics } from '../metrics.ts'
import type { RejoinDeps } from '../resume/rejoin-reply.ts'
import { toUpgradeRefused, UpgradeRefused } from '../upgrade-refused.ts'
import { admitRequest, type AdmitDeps, type AskRequest } from './admit-request.ts'
import { answerRefusal, type Refusal } from './answer-refusal.ts'
import { askQuestion, type QuestionDeps } from './ask-question.ts'
import { AskResponse } from './ask-response.ts'
import { cancelAnswer, type CancelDeps } from './cancel-answer.ts'
import type { AskRoute } from './find-ask-route.ts'
import { RequestRefused } from './request-refused.ts'
import { resumeStream } from './resume-stream.ts'

export interface AskDeps extends AdmitDeps, QuestionDeps, RejoinDeps, CancelDeps {
  readonly bus: QuestionDeps['bus'] & RejoinDeps['bus']
  readonly answering: Map<string, number>
  readonly config: EdgeConfig
  readonly random: () => number
  readonly metrics: EdgeMetrics
  readonly log: Logger
}

/** The steps of each request to the SSE bridge: admitted, then asked, resumed or cancelled; never throws. */
export async function serveAsk(ask: AskRequest, route: AskRoute, deps: AskDeps): Promise<void> {
  const { request, response } = ask
  try {
    if (route.operation === 'wrong_method')
      throw new RequestRefused('method_not_allowed', { fields: { allow: route.allow } })
    const identity = await admitRequest(ask, deps)
    if (route.operation === 'cancel') return await cancelAnswer(route.turnId, response, identity, deps)
    await stream(ask, route, identity, deps)
  } catch (error) {
    if (!response.headersSent) refuse(ask, toRefusal(error, deps.log), deps)
  } finally {
    // An unread body would block the next request on this connection.
    request.resume()
  }
}

/** An answer of events; a failure in the middle of it ends it, and the client resumes. */
async function stream(
  { request, response }: AskRequest,
  route: Extract<AskRoute, { operation: 'ask' | 'resume' }>,
  identity: Identity,
  deps: AskDeps,
): Promise<void> {
  const reply = new AskResponse(response, { identity }, deps)
  deps.connections.add(reply)
  if (reply.ended.aborted) return
  try {
    if (deps.connections.isAboveShare(reply)) throw new RequestRefused('too_many_streams')
    if (route.operation === 'ask') await askQuestion(request, reply, deps)
    else await resumeStream(request, route.turnId, reply, deps)
  } catch (error) {
    if (error instanceof RequestRefused) return reply.refuse(error)
    if (reply.ended.aborted) return
    reply.log.error({ err: error }, 'answer failed')
    if (reply.isStreaming) reply.close(1011)
    else reply.refuse(new RequestRefused('internal', { cause: error }))
  }
}

function refuse({ response }: AskRequest, refusal: Refusal, deps: AskDeps): void {
  const { log } = deps
  const { code, status, cause } = refusal
  if (status >= 500) log.warn({ code, err: cause }, 'request refused')
  else log.info({ code }, 'request refused')
  answerRefusal(response, refusal, deps)
}

function toRefusal(error: unknown, log: Logger): Refusal {
  if (error instanceof IdentityRefused) return toUpgradeRefused(error)
  if (error instanceof UpgradeRefused || error instanceof RequestRefused) return error
  log.error({ err: error }, 'request failed')
  return new RequestRefused('internal')
}
