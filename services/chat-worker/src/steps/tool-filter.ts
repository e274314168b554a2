import type { TurnContext } from '@omni2/db'
import { decideTool } from '../permissions/decide-tool.ts'
import { parseRestrictions, rulesOf } from '../permissions/parse-restrictions.ts'
import type { OfferedTool, ToolList } from '../tools/toolbox.ts'
import { passed, type StepResult } from './step.ts'

/** Which tools of the permitted servers the model is offered, sorted so that the prompt's prefix stays the same. */
export function toolFilter(
  context: Pick<TurnContext, 'tool_restrictions'>,
  servers: readonly string[],
  offered: ToolList,
): StepResult & { tools: OfferedTool[]; alarms: string[] } {
  const restrictions = parseRestrictions(context.tool_restrictions)
  const permitted = { servers, restrictions }
  const isPermitted = ({ server, tool }: OfferedTool) =>
    decideTool({ server, name: tool }, permitted).permitted
  const tools = offered.tools.filter(isPermitted).toSorted(byName)
  const rules = Object.fromEntries(servers.map((server) => [server, rulesOf(restrictions, server).tools]))
  const alarms = servers.filter((server) => rules[server]?.mode === 'unreadable')
  const data = {
    rules,
    tools: tools.map(({ server, tool }) => `${server}.${tool}`),
    left_out: offered.tools.length - tools.length,
    ...(offered.unreachable.length > 0 && { unreachable: offered.unreachable }),
    ...(alarms.length > 0 && { unreadable: alarms }),
  }
  return { ...passed(data), tools, alarms }
}

const byName = (a: OfferedTool, b: OfferedTool): number => (a.name < b.name ? -1 : Number(a.name > b.name))
