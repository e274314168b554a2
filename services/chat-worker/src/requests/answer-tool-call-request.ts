import type { ToolCallReply, ToolCallRequest } from '@omni2/contracts'
import type { Toolbox } from '../tools/toolbox.ts'

/** Longest wait for the list of a server, and for the call itself, in milliseconds. */
const listDeadlineMs = 5000
const callDeadlineMs = 20_000

/** Answers `chat.tool_call`: what a model would be given for this call, with the rights of the operator who tries it. */
export async function answerToolCallRequest(
  { server, tool, arguments: input, user_id, sid }: ToolCallRequest,
  { toolbox }: { toolbox: Pick<Toolbox, 'list' | 'call'> },
): Promise<ToolCallReply> {
  const { tools, unreachable } = await toolbox.list([server], AbortSignal.timeout(listDeadlineMs))
  const offered = tools.find((one) => one.tool === tool)
  if (!offered) {
    const content = unreachable[0]?.reason ?? `The server offers no tool ${tool}.`
    return { status: 'error', content, rule: '', duration_ms: 0, truncated: false }
  }
  const request = { callId: 'operator', name: offered.name, input }
  const caller = { identity: { user_id, sid }, offered: tools }
  const { status, content, rule, durationMs, truncated } = await toolbox.call(
    request,
    caller,
    AbortSignal.timeout(callDeadlineMs),
  )
  return { status, content, rule, duration_ms: durationMs, truncated }
}
