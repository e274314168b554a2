import { withDeadline } from '@omni2/service-kit'
import type { ServerDirectory } from './server-directory.ts'
import { ServerUnreachableError } from './tool-errors.ts'
import type { OfferedTool, ToolList } from './toolbox.ts'

interface ListDeps {
  directory: Pick<ServerDirectory, 'find'>
  /** Longest wait for a server whose tools are not known yet; it goes on being read meanwhile. */
  waitMs: number
}

/** The tools of these servers, sorted by name, and the names of servers that do not list them in time. */
export async function listTools(servers: readonly string[], deps: ListDeps): Promise<ToolList> {
  const lists = await Promise.all(servers.map((server) => listServer(server, deps)))
  const tools = lists.flatMap((list) => ('tools' in list ? list.tools : []))
  const unreachable = lists.flatMap((list) => ('reason' in list ? [list] : []))
  return { tools: tools.toSorted((a, b) => (a.name < b.name ? -1 : 1)), unreachable }
}

async function listServer(
  name: string,
  { directory, waitMs }: ListDeps,
): Promise<{ tools: readonly OfferedTool[] } | { server: string; reason: string }> {
  const server = await directory.find(name)
  if (!server) return { server: name, reason: 'it is not active' }
  try {
    return { tools: await withDeadline(server.tools.current(), { ms: waitMs, late: throwUnreachable }) }
  } catch (error) {
    if (error instanceof ServerUnreachableError) return { server: name, reason: error.message }
    throw error
  }
}

function throwUnreachable(): never {
  throw new ServerUnreachableError('it did not answer in time')
}
