import { failSpan, semanticAttributes, withSpan } from '@omni2/telemetry'
import type { WorkerMetrics } from '../metrics.ts'
import type { ToolOutcome, ToolRequest } from '../tools/toolbox.ts'

interface ObserveDeps {
  metrics: Pick<WorkerMetrics, 'toolCalls' | 'toolSeconds'>
}

/** A call of an offered tool. The name of any other tool is known to the model only. */
type Call = Pick<ToolRequest, 'callId'> & { mcp: string; tool: string }

/** Makes a tool call in a span, and counts how it went and how long it took. */
export function observeToolCall<T extends Pick<ToolOutcome, 'status' | 'durationMs'>>(
  call: Call,
  make: () => Promise<T>,
  { metrics }: ObserveDeps,
): Promise<T> {
  return withSpan(describeSpan(call), async (span) => {
    const outcome = await make()
    const { status, durationMs } = outcome
    span.setAttribute(semanticAttributes.outcome, status)
    if (status === 'error' || status === 'timeout') failSpan(span, { code: `tool_${status}` })
    metrics.toolCalls.add(1, { status })
    if (status !== 'refused') metrics.toolSeconds.observe(durationMs / 1000)
    return outcome
  })
}

/** A name that the model invented is not used as a span name, because it may be anything. */
function describeSpan({ callId, mcp, tool }: Call) {
  const name = mcp === '' ? 'unknown' : `${mcp}.${tool}`
  return {
    name: `execute_tool ${name}`,
    attributes: {
      [semanticAttributes.genAiOperation]: 'execute_tool',
      [semanticAttributes.genAiToolName]: name,
      [semanticAttributes.genAiToolCall]: callId,
    },
  }
}
