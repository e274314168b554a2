import type { Attempt } from '../attempt/attempt.ts'
import type { Config } from '../config.ts'
import type { FlowLog } from '../record/flow-log.ts'
import { makeStorable, makeStorableJson } from '../record/make-storable.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { observeToolCall } from './observe-tool-call.ts'
import type { Reply } from '../reply/reply.ts'
import type { CalledTool } from '../transcript/transcript.ts'
import { toolCall, type ToolUse } from '../steps/tool-call.ts'
import { toolResult } from '../steps/tool-result.ts'
import { restoreKeys } from '../tools/schemas/rename-keys.ts'
import type { Toolbox, ToolCaller, ToolOutcome, ToolRequest } from '../tools/toolbox.ts'

export interface CallToolsDeps {
  toolbox: Pick<Toolbox, 'call'>
  attempt: Pick<Attempt, 'noteWork'>
  reply: Pick<Reply, 'send'>
  log: Pick<FlowLog, 'recordBelow'>
  signal: AbortSignal
  config: Pick<Config, 'MODEL_TOOL_CALLS'>
  metrics: Pick<WorkerMetrics, 'toolCalls' | 'toolSeconds'>
}

/**
 * Finds the tools that calls name among the known ones, and restores the keys of their inputs to those of the tools. A
 * call of an unknown tool is never sent.
 */
export function nameToolUses(requests: readonly ToolRequest[], { offered }: ToolCaller): ToolUse[] {
  return requests.map((request) => {
    const found = offered.find(({ name }) => name === request.name)
    const input = found ? restoreKeys(request.input, found.keyNames) : request.input
    const use = { ...request, input, recordedInput: makeStorableJson(input) }
    if (!found) return { ...use, mcp: '', tool: request.name, repeatable: true }
    const repeatable = found.repeatable || request.fault !== undefined
    return { ...use, mcp: found.server, tool: found.tool, repeatable }
  })
}

/**
 * Makes the tool calls of one reply at the same time. Sends the start and the end of each to the client, and records
 * them below the `llm_thinking` that asked for them. Resolves with the results in the order of the calls; never
 * rejects.
 */
export function callTools(
  uses: readonly ToolUse[],
  thinking: string,
  caller: ToolCaller,
  deps: CallToolsDeps,
): Promise<CalledTool[]> {
  const calling = uses.map(async (use, index) => {
    const { callId, mcp, tool, recordedInput } = use
    const calledAt = new Date()
    deps.log.recordBelow(thinking, 'tool_call', toolCall(use))
    deps.reply.send('tool_call', { mcp, tool, call_id: callId, input: recordedInput })
    const refusal = index >= deps.config.MODEL_TOOL_CALLS ? refuseSurplus(deps.config) : refuseFaulty(use)
    const call = async (): Promise<Outcome> => refusal ?? deps.toolbox.call(use, caller, deps.signal)
    const outcome = await observeToolCall(use, call, deps)
    deps.attempt.noteWork()
    const called = describeCall(use, outcome, calledAt)
    deps.log.recordBelow(thinking, 'tool_result', toolResult(called, outcome))
    const { status, durationMs } = outcome
    deps.reply.send('tool_result', { call_id: callId, status, duration_ms: Math.round(durationMs) })
    return called
  })
  return Promise.all(calling)
}

type Outcome = Omit<ToolOutcome, 'server' | 'tool'>

const refuseFaulty = ({ fault }: ToolRequest): Outcome | undefined =>
  fault === undefined
    ? undefined
    : { status: 'error', content: `Not called: ${fault}`, rule: '', durationMs: 0, truncated: false }

function describeCall(use: ToolUse, outcome: Outcome, calledAt: Date): CalledTool {
  return {
    call_id: use.callId,
    mcp: use.mcp,
    tool: use.tool,
    input: use.recordedInput,
    called_at: calledAt.toISOString(),
    answer: {
      status: outcome.status,
      content: makeStorable(outcome.content),
      rule: outcome.rule,
      duration_ms: Math.round(outcome.durationMs),
      answered_at: new Date().toISOString(),
    },
  }
}

const refuseSurplus = ({ MODEL_TOOL_CALLS }: Pick<Config, 'MODEL_TOOL_CALLS'>): Outcome => ({
  status: 'refused',
  content: `Not called: at most ${MODEL_TOOL_CALLS} tools can be called at once. Call it again in the next reply.`,
  rule: `at most ${MODEL_TOOL_CALLS} calls at once`,
  durationMs: 0,
  truncated: false,
})
