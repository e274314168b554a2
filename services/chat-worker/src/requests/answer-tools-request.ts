import type { ToolsReply, ToolsRequest } from '@omni2/contracts'
import type { Toolbox } from '../tools/toolbox.ts'

/** Longest check of one server, in milliseconds. */
const listDeadlineMs = 5000

/** Answers `chat.tools`: the tools of an MCP server as this worker sees them, now or when it last asked. */
export async function answerToolsRequest(
  { server, fresh }: ToolsRequest,
  { toolbox }: { toolbox: Pick<Toolbox, 'list' | 'notes' | 'refresh'> },
): Promise<ToolsReply> {
  if (fresh) toolbox.refresh()
  const { tools, unreachable } = await toolbox.list([server], AbortSignal.timeout(listDeadlineMs))
  const notes = [...toolbox.notes(server)]
  const reason = unreachable[0]?.reason ?? null
  return { tools: tools.map(({ tool }) => tool), ...(notes.length > 0 && { notes }), reason }
}
