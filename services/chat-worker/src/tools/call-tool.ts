import type { Slots } from '@omni2/bus'
import { loadToolPermission, type Database } from '@omni2/db'
import { abandonAt } from './abandon-at.ts'
import type { ArgumentChecker } from './argument-checker.ts'
import { classifyToolFailure, describeFailure } from './classify-tool-failure.ts'
import { decideCall } from './decide-call.ts'
import { describeResult } from './describe-result.ts'
import type { McpServer } from './mcp-server.ts'
import {
  ArgumentsUncheckedError,
  CallCancelledError,
  PermissionUnknownError,
  ToolRefusedError,
} from './tool-errors.ts'
import type { OfferedTool, ToolCaller, ToolRequest, ToolStatus } from './toolbox.ts'

interface CallDeps {
  database: Pick<Database, 'db'>
  /** Runs a statement, again when Postgres comes back. */
  retryWhileAway: <T>(work: () => Promise<T>) => Promise<T>
  checker: Pick<ArgumentChecker, 'check'>
  findServer: (name: string) => Promise<McpServer | undefined>
  /** Calls of this worker at once; more wait. */
  slots: Slots
}

/** The result of a call, before it is wrapped for the model. */
export interface CallResult {
  status: ToolStatus
  /** The text of the tool, or ours if `isLocalFailure`. */
  text: string
  isLocalFailure: boolean
  rule: string
}

/** Calls an offered tool with arguments that fit its schema, if the caller may do that right now; never rejects. */
export async function callTool(
  { input }: ToolRequest,
  tool: OfferedTool,
  { identity }: Pick<ToolCaller, 'identity'>,
  { signal, ...deps }: CallDeps & { signal: AbortSignal },
): Promise<CallResult> {
  let rule = ''
  const permit = async () => {
    const decision = await checkRight(identity, tool, deps)
    ;({ rule } = decision)
    if (!decision.permitted) throw new ToolRefusedError(rule)
  }
  try {
    using _slot = await takeSlot(deps.slots, signal)
    // A caller without the right gets no message about the arguments either.
    await abandonAt(signal, permit())
    const complaint = await abandonAt(signal, deps.checker.check(tool, input, signal))
    if (complaint !== undefined)
      return say('error', rule, `The arguments do not fit the tool's schema: ${complaint}`)
    const server = await abandonAt(signal, deps.findServer(tool.server))
    if (!server) return say('error', rule, 'The tool server is not there any more.')
    const params = { name: tool.tool, arguments: Object(input) }
    const { repeatable, argumentSchema: inputSchema } = tool
    const calling = server.call(params, { repeatable, inputSchema, permit, signal })
    const result = await abandonAt(signal, calling)
    const status = result.isError ? 'error' : 'ok'
    return { status, text: describeResult(result), isLocalFailure: false, rule }
  } catch (error) {
    return describeEnd(error, rule)
  }
}

async function takeSlot(slots: Slots, signal: AbortSignal): Promise<Disposable> {
  try {
    return await slots.take(signal)
  } catch (error) {
    throw new CallCancelledError('cancelled', { cause: error })
  }
}

/** Reads account, login, block and role again. The answer is valid only now. */
async function checkRight(
  { user_id, sid }: ToolCaller['identity'],
  tool: OfferedTool,
  { database, retryWhileAway }: CallDeps,
) {
  const wanted = { userId: user_id, sid, server: tool.server }
  try {
    return decideCall(tool, await retryWhileAway(() => loadToolPermission(wanted, database)))
  } catch (error) {
    throw new PermissionUnknownError('permission not read', { cause: error })
  }
}

const notChecked =
  "The arguments could not be checked against the tool's schema in time. The tool was not called."

function describeEnd(error: unknown, rule: string): CallResult {
  if (error instanceof ToolRefusedError)
    return say('refused', error.rule, 'The user may not use this tool. Do not try it again.')
  if (error instanceof CallCancelledError) return say('cancelled', rule, 'The call was cancelled.')
  if (error instanceof PermissionUnknownError)
    return say('error', rule, 'Whether the tool may be used could not be checked. It was not called.')
  if (error instanceof ArgumentsUncheckedError) return say('error', rule, notChecked)
  const failure = classifyToolFailure(error)
  if (failure.kind === 'answered') return { status: 'error', text: failure.text, isLocalFailure: false, rule }
  if (failure.kind === 'unreadable') return say('error', rule, `The tool was called, but ${failure.reason}.`)
  const status = failure.kind === 'timeout' ? 'timeout' : 'error'
  return say(status, rule, `The tool server could not be used: ${describeFailure(failure)}.`)
}

const say = (status: ToolStatus, rule: string, text: string): CallResult => ({
  status,
  text,
  isLocalFailure: true,
  rule,
})
