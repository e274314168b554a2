import type { TurnContext } from '@omni2/db'
import { decideTool } from '../permissions/decide-tool.ts'
import { parseRestrictions, rulesOf } from '../permissions/parse-restrictions.ts'
import { passed, type StepResult } from './step.ts'

export interface ServerTool {
  server: string
  name: string
}

/** Which tools of the permitted servers the model is offered, sorted so that the prompt's prefix stays the same. */
export function toolFilter(
  context: Pick<TurnContext, 'tool_restrictions'>,
  servers: readonly string[],
  offered: readonly ServerTool[],
): StepResult & { tools: ServerTool[]; alarms: string[] } {
  const restrictions = parseRestrictions(context.tool_restrictions)
  const permitted = { servers, restrictions }
  const tools = offered.filter((tool) => decideTool(tool, permitted).permitted).toSorted(byName)
  const rules = Object.fromEntries(servers.map((server) => [server, rulesOf(restrictions, server).tools]))
  const alarms = servers.filter((server) => rules[server]?.mode === 'unreadable')
  const data = {
    rules,
    tools: tools.map(({ server, name }) => `${server}.${name}`),
    left_out: offered.length - tools.length,
  }
  return { ...passed(alarms.length > 0 ? { ...data, unreadable: alarms } : data), tools, alarms }
}

const byName = (a: ServerTool, b: ServerTool): number => {
  const [left, right] = [`${a.server}.${a.name}`, `${b.server}.${b.name}`]
  return left < right ? -1 : Number(left > right)
}
