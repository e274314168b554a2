import { recordToolIntents, type Database } from '@omni2/db'
import { z } from 'zod'
import type { Attempt } from '../attempt/attempt.ts'
import type { ToolUse } from '../steps/tool-call.ts'
import { capToolTexts, toolTextsBytes } from '../transcript/cap-tool-texts.ts'
import type { DatabaseGate } from '../signals/database-gate.ts'
import type { CalledTool, Transcript } from '../transcript/transcript.ts'

const answerSchema = z.object({
  status: z.enum(['ok', 'error', 'refused', 'timeout', 'cancelled']),
  content: z.string(),
  rule: z.string(),
  duration_ms: z.number(),
  answered_at: z.string(),
})

const calledToolSchema = z.object({
  call_id: z.string(),
  mcp: z.string(),
  tool: z.string(),
  input: z.unknown(),
  called_at: z.string(),
  answer: answerSchema.nullable(),
})

/** `turns.tool_intents`: the calls that must not be made again, with the reply and the usage at their start. */
const toolIntentsSchema = z.object({
  calls: z.array(z.string()),
  text: z.string(),
  model: z.string(),
  usage: z.object({
    input: z.number(),
    cacheRead: z.number(),
    cacheWrite: z.number(),
    output: z.number(),
    estimated: z.boolean(),
  }),
  iterations: z.number(),
  tools: z.array(calledToolSchema),
})

export interface CommitDeps {
  attempt: Pick<Attempt, 'number' | 'ownership' | 'stop'>
  gate: Pick<DatabaseGate, 'retryWhileAway'>
  database: Database
}

/**
 * Makes sure that this attempt may call tools for its turn now, and stops it otherwise. Calls that must not be made
 * twice are first written to the row of the turn: the worker that takes the turn over then ends it and does not repeat
 * them.
 */
export async function commitToTools(
  turnId: string,
  uses: readonly ToolUse[],
  transcript: Transcript,
  { attempt, gate, database }: CommitDeps,
): Promise<Transcript> {
  if (!(await attempt.ownership.confirm())) return transcript
  if (uses.every(({ repeatable }) => repeatable)) return transcript
  const intents = describeIntents(uses, transcript)
  const written = await gate.retryWhileAway(() =>
    recordToolIntents({ session_id: turnId, attempt: attempt.number, intents }, database),
  )
  if (!written) attempt.stop('superseded')
  else if (written.isCancelRequested) attempt.stop('cancelled')
  return { ...transcript, isCommitted: true }
}

/** The known facts of a turn whose attempt died after it wrote such calls; undefined if it wrote none. */
export function readIntents(stored: unknown): Transcript | undefined {
  const parsed = toolIntentsSchema.safeParse(stored)
  if (!parsed.success) return undefined
  const { text, model, usage, iterations, tools } = parsed.data
  const atLeast = { ...usage, estimated: true }
  const known = { text, model, usage: atLeast, calls: iterations, tools }
  return { ...known, stopReason: null, isCommitted: true, isWhole: false }
}

/** The stored form. Each round writes the whole list again. */
export function describeIntents(
  uses: readonly ToolUse[],
  transcript: Transcript,
): z.infer<typeof toolIntentsSchema> {
  const { text, model, usage, calls: iterations } = transcript
  const begun = uses.map(describeBegun)
  const calls = uses.filter(({ repeatable }) => !repeatable).map(({ callId }) => callId)
  const tools = capToolTexts([...transcript.tools, ...begun], toolTextsBytes)
  return { calls, text, model, usage, iterations, tools }
}

const describeBegun = ({ callId, mcp, tool, recordedInput }: ToolUse): CalledTool => ({
  call_id: callId,
  mcp,
  tool,
  input: recordedInput,
  called_at: new Date().toISOString(),
  answer: null,
})
