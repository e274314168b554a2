import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from '@omni2/service-kit'
import { type Answer, answers } from './answers.ts'
import { askAuth } from './ask-auth.ts'
import type { GatewayConfig } from './config.ts'
import { connectUpstream } from './connect-upstream.ts'
import { setForwardedHeaders } from './forwarded-headers.ts'
import { findIdentityAlias, setIdentity, stripIdentity } from './identity-headers.ts'
import { findRoute, type Routes } from './routes.ts'

/** A request and the two ways in which it can go on. */
export interface Exchange {
  readonly request: IncomingMessage
  /** Answers in the upstream's place. */
  readonly answer: (answer: Answer) => void
  /** Lets the upstream answer over this connection; resolves when the answer is over or the socket is spliced. */
  readonly forward: (upstream: { url: string; connection: Socket }) => Promise<void>
}

export interface GatewayDeps {
  readonly config: GatewayConfig
  readonly routes: Routes
  readonly log: Logger
}

/** What each request goes through, sockets and plain requests alike. */
export async function passRequest(exchange: Exchange, deps: GatewayDeps): Promise<void> {
  const { request, answer } = exchange
  const alias = findIdentityAlias(request.headers)
  if (alias !== undefined) return answer(answers.badHeader(alias))
  stripIdentity(request.headers)
  setForwardedHeaders(request)

  const route = findRoute(request, deps.routes)
  if (route === undefined) return answer(answers.notServed(request, deps.routes))
  try {
    if (route.forwardAuth) {
      const verdict = await askAuth(request, deps.config)
      if ('refusal' in verdict) return answer(verdict.refusal)
      setIdentity(request.headers, verdict.identity)
    }
    const upstream = await connectUpstream(route.nextUpstreams(), deps.config)
    await exchange.forward(upstream)
  } catch (error) {
    deps.log.warn({ err: error, upstream: route.name }, 'upstream failed')
    answer(answers.upstreamFailed(route.name))
  }
}
