import type { ToolsReply, ToolsRequest } from '@omni2/contracts'
import type { Toolbox } from '../tools/toolbox.ts'

/** Longest look at one server, in milliseconds. */
const listDeadlineMs = 5000

/** Answers `chat.tools`: what this worker can see of an MCP server now, as operators ask after changing it. */
export async function answerToolsRequest(
  { server }: ToolsRequest,
  { toolbox }: { toolbox: Pick<Toolbox, 'list' | 'notes' | 'refresh'> },
): Promise<ToolsReply> {
  toolbox.refresh()
  const { tools, unreachable } = await toolbox.list([server], AbortSignal.timeout(listDeadlineMs))
  const notes = [...toolbox.notes(server)]
  const reason = unreachable[0]?.reason ?? null
  return { tools: tools.map(({ tool }) => tool), ...(notes.length > 0 && { notes }), reason }
}
