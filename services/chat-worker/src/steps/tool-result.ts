import type { EventOutcome } from '@omni2/contracts'
import type { CalledTool } from '../transcript/transcript.ts'
import type { ToolOutcome, ToolStatus } from '../tools/toolbox.ts'
import type { StepResult } from '../record/step.ts'

const outcomes: Record<ToolStatus, EventOutcome> = {
  ok: 'passed',
  error: 'failed',
  refused: 'refused',
  timeout: 'failed',
  cancelled: 'skipped',
}

/** How a tool call went: its real status, its own duration, and the rule that decided. */
export function toolResult(
  { call_id, mcp, tool }: CalledTool,
  { status, rule, durationMs, content, truncated }: Omit<ToolOutcome, 'server' | 'tool'>,
): StepResult {
  const took = { duration_ms: Math.round(durationMs), characters: content.length, truncated }
  return { outcome: outcomes[status], data: { call_id, mcp, tool, status, rule, ...took } }
}
