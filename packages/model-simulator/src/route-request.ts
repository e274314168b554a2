import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerMessage, requireModel, type AnswerDeps } from './answer-message.ts'
import { ApiError } from './api-error.ts'
import type { SimulatorConfig } from './config.ts'
import type { RequestLog } from './log/request-log.ts'
import { serveLog } from './log/serve-log.ts'
import { parseCountRequest } from './parse-request.ts'
import { requireKey, requireVersion } from './request/check-headers.ts'
import { parseJson, readBody } from './request/read-body.ts'
import { countPromptTokens } from './usage/list-prompt-blocks.ts'

export interface RouteDeps extends AnswerDeps {
  readonly log: RequestLog
}

/** Answers one request, whatever it is; never rejects. */
export async function routeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  deps: RouteDeps,
): Promise<void> {
  const requestId = `req_${randomUUID().replaceAll('-', '')}`
  response.setHeader('request-id', requestId)
  try {
    const url = new URL(request.url ?? '/', 'http://simulator')
    if (request.method === 'POST' && url.pathname === '/v1/messages') {
      await logMessage(request, response, requestId, deps)
    } else {
      sendJson(response, 200, JSON.stringify(await serveOther(request, url, deps)))
    }
  } catch (error) {
    sendError(response, error, requestId)
  }
}

async function logMessage(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  deps: RouteDeps,
): Promise<void> {
  const directive = request.headersDistinct['x-simulator']?.join('; ')
  const exchange = deps.log.open({ request: requestId, directive })
  response.once('close', () => exchange.ended('client_closed'))
  try {
    await answerMessage(request, response, exchange, deps)
  } catch (error) {
    if (request.socket.destroyed) return
    exchange.refused(...sendError(response, error, requestId))
  }
}

async function serveOther(request: IncomingMessage, url: URL, { config, log }: RouteDeps): Promise<object> {
  if (request.method === 'POST' && url.pathname === '/v1/messages/count_tokens') {
    return { input_tokens: await countTokens(request, config) }
  }
  const served = request.method === 'GET' ? serveLog(url, log) : undefined
  if (served === undefined)
    throw new ApiError('not_found_error', `no such path: ${request.method} ${url.pathname}`)
  return served
}

/** A prompt is counted by the rules of one that is answered, but for the window: the API counts a longer one too. */
async function countTokens(request: IncomingMessage, config: SimulatorConfig): Promise<number> {
  requireKey(request.headers)
  const version = requireVersion(request.headers)
  const asked = parseCountRequest(parseJson(await readBody(request, config.maxBodyBytes)), version)
  requireModel(asked.model, config.models)
  return countPromptTokens(asked)
}

/** Anything that is no ApiError is a fault of the simulator itself, and says so. */
function sendError(
  response: ServerResponse,
  thrown: unknown,
  requestId: string,
): [status: number, body: string] {
  const error =
    thrown instanceof ApiError ? thrown : new ApiError('api_error', `simulator fault: ${String(thrown)}`)
  const body = JSON.stringify(error.toBody(requestId))
  sendJson(response, error.status, body, error.headers)
  return [error.status, body]
}

function sendJson(response: ServerResponse, status: number, body: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}
