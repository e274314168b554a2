import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from './api-error.ts'
import { chooseBehaviour } from './behaviour/choose-behaviour.ts'
import type { FailureCounter } from './behaviour/failure-counter.ts'
import type { Behaviour } from './behaviour/parse-behaviour.ts'
import { checkTurn } from './check-turn.ts'
import type { SimulatorConfig } from './config.ts'
import type { Exchange } from './log/exchange.ts'
import { describeModel } from './models.ts'
import { parseMessagesRequest } from './parse-request.ts'
import { composeReply } from './reply/compose-reply.ts'
import { requireKey, requireVersion } from './request/check-headers.ts'
import { parseJson, readBody } from './request/read-body.ts'
import type { MessagesRequest } from './request/request-shape.ts'
import { makeFailure } from './stream/fail-reply.ts'
import { buildMessage, listEvents } from './stream/list-events.ts'
import { ReplyPlayer, type Pace } from './stream/reply-player.ts'
import { scriptStream } from './stream/script-stream.ts'
import { scriptWhole } from './stream/script-whole.ts'
import { countPromptTokens } from './usage/list-prompt-blocks.ts'
import type { PromptCache } from './usage/prompt-cache.ts'

export interface AnswerDeps {
  readonly config: SimulatorConfig
  readonly cache: PromptCache
  readonly failures: FailureCounter
}

/** POST /v1/messages, from the head of the request to the first step of its answer; throws what refuses it. */
export async function answerMessage(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  deps: AnswerDeps,
): Promise<void> {
  requireKey(request.headers)
  const version = requireVersion(request.headers)
  const body = await readBody(request, deps.config.maxBodyBytes)
  exchange.received(body)
  const asked = parseMessagesRequest(parseJson(body), version)
  exchange.understood(asked)
  requireModel(asked.model, deps.config.models)
  const roomTokens = requireRoom(asked, deps.config)
  const chosen = chooseBehaviour(asked.messages, exchange.directive)
  checkTurn(asked.messages, chosen)
  const behaviour = deps.failures.admit(chosen, asked.messages)
  refuseEarly(asked, behaviour)
  playReply(asked, behaviour, { ...deps, response, exchange, roomTokens })
}

/** Refuses a model that does not exist (404). */
export function requireModel(model: string, models: readonly string[] | undefined): void {
  if (models && !models.includes(model)) throw new ApiError('not_found_error', `model: ${model}`)
}

/** Refuses a prompt above the window, and says what that has left for the reply. */
function requireRoom(asked: MessagesRequest, { contextTokens }: SimulatorConfig): number {
  const tokens = countPromptTokens(asked)
  const maximum = Math.min(contextTokens, describeModel(asked.model).contextTokens)
  if (tokens <= maximum) return maximum - tokens
  const why = `prompt is too long: ${tokens} tokens > ${maximum} maximum`
  throw new ApiError('invalid_request_error', why)
}

/** An error without a position, and every error of a request that does not stream, comes before the answer. */
function refuseEarly({ stream = false }: MessagesRequest, behaviour: Behaviour): void {
  const { failure } = behaviour
  if (failure?.kind === 'error' && (failure.at === undefined || !stream))
    throw makeFailure(failure, behaviour)
}

function playReply(
  asked: MessagesRequest,
  behaviour: Behaviour,
  deps: AnswerDeps & { response: ServerResponse; exchange: Exchange; roomTokens: number },
): void {
  const { config, cache, response, exchange, roomTokens } = deps
  const reply = composeReply(asked, behaviour, { tokens: config.tokens, roomTokens })
  const context = { model: asked.model, input: cache.use(asked) }
  const pace = choosePace(behaviour, config)
  exchange.counted(context.input)
  response.setHeader('content-type', asked.stream ? 'text/event-stream; charset=utf-8' : 'application/json')
  response.setHeader('cache-control', 'no-cache')
  const script = asked.stream
    ? scriptStream(listEvents(reply, context), behaviour, exchange.id)
    : scriptWhole(buildMessage(reply, context), reply, behaviour, { pace, requestId: exchange.id })
  new ReplyPlayer(script, { response, exchange, pace }).start()
}

function choosePace(behaviour: Behaviour, config: SimulatorConfig): Pace {
  const { firstTokenMs = config.firstTokenMs, paceMs = config.paceMs } = behaviour
  return { firstTokenMs, paceMs }
}
