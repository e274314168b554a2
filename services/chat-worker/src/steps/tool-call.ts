import type { ToolUse } from '../call-tools.ts'
import { passed, type StepResult } from './step.ts'

/** The model asks for a tool. Whether it may have it is decided where the call is sent; the result tells. */
export function toolCall({ callId, mcp, tool, recordedInput, repeatable }: ToolUse): StepResult {
  return passed({ call_id: callId, mcp, tool, input: recordedInput, repeatable })
}
