import type { ToolRequest } from '../tools/toolbox.ts'
import { passed, type StepResult } from '../record/step.ts'

/** A tool call that the model asks for, and the tool that it means. */
export interface ToolUse extends ToolRequest {
  /** Empty for an unknown tool; its name is then the one that the model used. */
  mcp: string
  tool: string
  /** Whether another attempt may make the call again. */
  repeatable: boolean
  /** The input, in a form that can be stored and shown. */
  recordedInput: unknown
}

/** The model asks for a tool. The right is decided when the call is sent; the result contains the decision. */
export function toolCall({ callId, mcp, tool, recordedInput, repeatable }: ToolUse): StepResult {
  return passed({ call_id: callId, mcp, tool, input: recordedInput, repeatable })
}
