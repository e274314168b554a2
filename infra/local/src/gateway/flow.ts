import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger, OriginRules } from '@omni2/service-kit'
import { allowPages } from './allow-pages.ts'
import { type Answer, answers } from './answers.ts'
import { askAuth } from './ask-auth.ts'
import type { GatewayConfig } from './config.ts'
import { connectUpstream } from './connect-upstream.ts'
import { setForwardedHeaders } from './forwarded-headers.ts'
import { findIdentityAlias, setIdentity, stripIdentity } from './identity-headers.ts'
import { findRoute, type Route, type Routes } from './routes.ts'

/** A request, and its two outcomes: an answer here or one of an upstream. */
export interface Exchange {
  readonly request: IncomingMessage
  /** Aborted once the client is gone, or has its answer. */
  readonly gone: AbortSignal
  /** Answers in place of the upstream; ends an answer that has begun. */
  readonly answer: (answer: Answer) => void
  /** Lets the upstream answer over this connection; resolves when the answer, or what was spliced, is over. */
  readonly forward: (connection: Socket) => Promise<void>
}

export interface GatewayDeps {
  readonly config: GatewayConfig
  readonly origins: OriginRules
  /** Whether a peer is a trusted proxy in front. */
  readonly isBalancer: (address: string | undefined) => boolean
  readonly routes: Routes
  readonly log: Logger
}

/** The path of each request, socket or plain; never rejects. */
export async function passRequest(exchange: Exchange, deps: GatewayDeps): Promise<void> {
  const { request } = exchange
  const answer = (said: Answer) => exchange.answer(allowPages(request, said, deps))
  const alias = findIdentityAlias(request.headers)
  if (alias !== undefined) return answer(answers.badHeader(alias))
  stripIdentity(request.headers)
  setForwardedHeaders(request, deps)

  const route = findRoute(request, deps.routes)
  if (route === undefined) return answer(answers.notServed(request, deps.routes))
  try {
    await followRoute(exchange, route, deps)
  } catch (error) {
    if (exchange.gone.aborted) return
    deps.log.warn({ err: error, upstream: route.name }, 'upstream failed')
    answer(answers.upstreamFailed(route.name))
  }
}

async function followRoute(exchange: Exchange, route: Route, { config }: GatewayDeps): Promise<void> {
  const { request, gone } = exchange
  if (route.forwardAuth) {
    const verdict = await askAuth(request, { config, gone })
    if ('refusal' in verdict) return exchange.answer(verdict.refusal)
    setIdentity(request.headers, verdict.identity)
  }
  const connection = await connectUpstream(route.nextUpstreams(), { config, gone })
  try {
    await exchange.forward(connection)
  } finally {
    connection.destroy()
  }
}
