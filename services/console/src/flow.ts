import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '@omni2/service-kit'
import { admitRequest, type AdmitDeps } from './request/admit-request.ts'
import type { ConsoleServices, Operation } from './request/operation.ts'
import type { RequestRates } from './request/request-rates.ts'
import { traceOperation } from './request/trace-operation.ts'
import { versionOf } from './request/version.ts'

export interface FlowDeps extends ConsoleServices {
  readonly keys: AdmitDeps['keys']
  readonly origins: AdmitDeps['origins']
  readonly rates: RequestRates
}

/** The steps of each request: admit, count, parse, answer. A step that refuses the request throws. */
export async function serveOperation(
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: FlowDeps,
): Promise<unknown> {
  const actor = await admitRequest(request.raw, operation.access, { ...deps, log: request.log })
  deps.rates.count(actor.userId)
  const log = (request.log as Logger).child({ user_id: actor.userId, operation: operation.id })
  const ifMatch = request.headers['if-match']
  const context = { ...deps, actor, requestId: request.id, ifMatch, log }
  const answer = await traceOperation(operation, context, () => operation.respond(request, context, reply))
  if (operation.versioned !== false) reply.header('etag', versionOf(readVersioned(answer, operation)))
  return answer
}

/** A change answers with what there is after it. */
function readVersioned(answer: unknown, { access, versioned }: Operation): unknown {
  const field = access === 'change' ? 'after' : versioned
  const isWithin =
    typeof field === 'string' && typeof answer === 'object' && answer !== null && field in answer
  return isWithin ? answer[field as keyof typeof answer] : answer
}
