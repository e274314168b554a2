import { describeCrossOrigin, foreignOrigin, isPreflight } from '@omni2/contracts'
import type { OriginRules } from '@omni2/service-kit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { OriginRefused } from '../origin-refused.ts'
import { readEntry } from '../proof/read-entry.ts'

type Deps = { readonly origins: OriginRules } & Parameters<typeof readEntry>[1]

/** Lets pages of allowed origins read every answer, refusals too, and serves the preflights of what they send. */
export function servePreflights(app: FastifyInstance, deps: Deps): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(describeCrossOrigin(request.headers, { isAllowed: judgeOrigins(request, deps) }))
  })
  app.options('*', async (request, reply) => {
    if (!isPreflight(request)) return reply.callNotFound()
    const { origin = '' } = request.headers
    if (!judgeOrigins(request, deps)(origin)) throw new OriginRefused(foreignOrigin)
    return reply.code(204).send()
  })
}

const judgeOrigins =
  (request: Pick<FastifyRequest, 'headers' | 'ip'>, deps: Deps) =>
  (origin: string): boolean =>
    deps.origins.allows(origin, readEntry(request, deps))
