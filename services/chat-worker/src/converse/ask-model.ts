import type { Budget } from '../limits/budget.ts'
import type { Config } from '../config.ts'
import type { DatabaseGate } from '../signals/database-gate.ts'
import type { FlowLog } from '../record/flow-log.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { addReply, type Transcript } from '../transcript/transcript.ts'
import { llmThinking } from '../steps/llm-thinking.ts'
import { refused, type Refusal } from '../record/step.ts'
import { buildRequest, type Prompt } from '../model/build-request.ts'
import type { CalledReply } from '../model/called-reply.ts'
import { callModel, type CallDeps } from '../model/call-model.ts'
import { splitWindow } from '../model/context-window.ts'
import { boundUsage } from '../model/estimate-usage.ts'
import { mendReply } from '../model/mend-reply.ts'

export interface AskDeps {
  log: FlowLog
  budget: Budget
  model: CallDeps
  gate: Pick<DatabaseGate, 'retryWhileAway'>
  config: Pick<Config, 'MODEL' | 'MODEL_CONTEXT_TOKENS' | 'MODEL_MAX_TOKENS'>
  metrics: Pick<WorkerMetrics, 'modelRetries'>
  userId: number
}

/** The model answered, or the call failed. */
export interface Answered {
  state: 'answered'
  /** The text of the whole turn, this reply included. */
  transcript: Transcript
  reply: CalledReply
  /** The budget left less room for the reply than usual. */
  isCutShort: boolean
  /** The event that stands for the call. */
  thinking: string
}

/** The result of a request: a call, a refusal of the budget, or another attempt has the turn. */
export type Asked = Answered | { state: 'refused'; refusal: Refusal } | { state: 'superseded' }

/** Makes one call of the model. The budget covers it, `llm_thinking` records it, and its text is sent as it arrives. */
export async function askModel(prompt: Prompt, transcript: Transcript, deps: AskDeps): Promise<Asked> {
  const { log, budget, gate, config, metrics, userId } = deps
  const planned = buildRequest(prompt, { model: config.MODEL, maxTokens: splitWindow(config).reply, userId })
  const call = { request: planned, spent: transcript.usage, signal: deps.model.signal }
  const reserved = await gate.retryWhileAway(() => budget.ensureReserved(call))
  if (reserved.state === 'superseded') return reserved
  if (reserved.state === 'refused') {
    log.record('usage_check', refused(reserved.refusal, { limits: reserved.limits }))
    return reserved
  }
  const request = { ...planned, max_tokens: Math.min(reserved.maxTokens, planned.max_tokens) }
  log.record('llm_thinking', llmThinking(prompt, request, transcript))
  const thinking = log.last
  if (transcript.failure) metrics.modelRetries.add(1)
  const opener = openReply(prompt, transcript)
  const called = await callModel(request, { ...deps.model, onText: sayAfter(opener, deps.model.onText) })
  const usage = boundUsage(called.usage, request, { input: reserved.inputTokens, output: request.max_tokens })
  const reply = mendReply({ ...called, usage }, prompt.rounds)
  const spoken = reply.text === '' ? reply : { ...reply, text: opener + reply.text }
  const isCutShort = reserved.maxTokens < config.MODEL_MAX_TOKENS
  return { state: 'answered', transcript: addReply(transcript, spoken), reply, isCutShort, thinking }
}

/** Text after tool calls begins a new paragraph of the same answer. */
function openReply({ rounds }: Prompt, { text }: Transcript): string {
  const isAfterTools = rounds.at(-1)?.role === 'user'
  return isAfterTools && /\S$/.test(text) ? '\n\n' : ''
}

function sayAfter(opener: string, onText: (text: string) => void): (text: string) => void {
  let pending = opener
  return (text) => {
    onText(pending + text)
    pending = ''
  }
}
