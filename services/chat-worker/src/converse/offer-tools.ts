import type { Toolbox, ToolList } from '../tools/toolbox.ts'

/** The tools of these servers; none if the turn is stopped during the search. */
export async function offerTools(
  servers: readonly string[],
  signal: AbortSignal,
  { toolbox }: { toolbox: Pick<Toolbox, 'list'> },
): Promise<ToolList> {
  try {
    return await toolbox.list(servers, signal)
  } catch (error) {
    if (!signal.aborted) throw error
    return { tools: [], unreachable: [] }
  }
}
