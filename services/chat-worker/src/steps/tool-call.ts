import type { ToolRequest } from '../tools/toolbox.ts'
import { passed, type StepResult } from '../record/step.ts'

/** A tool call that the model asks for, and the tool that it means. */
export interface ToolUse extends ToolRequest {
  /** Empty for a tool that nobody knows; its name is then the model's. */
  mcp: string
  tool: string
  /** Whether another attempt may make the call again. */
  repeatable: boolean
  /** The input as it can be stored and shown. */
  recordedInput: unknown
}

/** The model asks for a tool. Whether it may have it is decided where the call is sent; the result tells. */
export function toolCall({ callId, mcp, tool, recordedInput, repeatable }: ToolUse): StepResult {
  return passed({ call_id: callId, mcp, tool, input: recordedInput, repeatable })
}
