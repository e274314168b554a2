import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeCrossOrigin, isPreflight } from '@omni2/contracts'
import { answerPreflight } from '../sse/answer-preflight.ts'
import { findAskRoute } from '../sse/find-ask-route.ts'
import { serveAsk, type AskDeps } from '../sse/flow.ts'
import { chatPath } from './upgrade.ts'
import { UpgradeRefused } from '../upgrade-refused.ts'

/** Answers everything that is no upgrade: the SSE bridge, or that there is nothing; never throws. */
export function answerRequest(request: IncomingMessage, response: ServerResponse, deps: AskDeps): void {
  allowPages(request, response, deps)
  if (isPreflight(request)) return answerPreflight(request, response, deps)
  const path = readPath(request)
  const route = findAskRoute({ method: request.method ?? '', path })
  if (route) return void serveAsk({ request, response, path }, route, deps)
  const isChat = path === chatPath
  if (isChat) deps.metrics.handshakes.add(1, { result: 'upgrade_required' })
  const { status, message, code } = new UpgradeRefused(isChat ? 'upgrade_required' : 'not_found')
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      ...(isChat ? { connection: 'Upgrade', upgrade: 'websocket' } : {}),
    })
    .end(`${JSON.stringify({ error: message, code })}\n`)
  request.resume()
}

/** Pages of allowed origins may read every answer, refusals too. */
function allowPages(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { origins }: Pick<AskDeps, 'origins'>,
): void {
  const isAllowed = (origin: string) => origins.allows(origin, { host: headers.host })
  for (const [name, value] of Object.entries(describeCrossOrigin(headers, { isAllowed })))
    response.setHeader(name, value)
}

/** Whether a request that offers another protocol is answered in this one: HTTP clients that offer h2c are. */
export const isPlainRequest = (request: IncomingMessage): boolean =>
  findAskRoute({ method: request.method ?? '', path: readPath(request) }) !== undefined

/** The path as it was sent, without the query: the form in which a proof of identity names it. */
const readPath = ({ url }: IncomingMessage): string => (url ?? '/').replace(/[?#].*$/s, '')
