import { decideTool, parseRestrictions, ruleOf, type ToolRule } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import type { OfferedTool, ToolList } from '../tools/toolbox.ts'
import { passed, type StepResult } from '../record/step.ts'

/** Which tools of the permitted servers the model gets, sorted so that the prefix of the prompt stays the same. */
export function toolFilter(
  context: Pick<TurnContext, 'tool_restrictions'>,
  servers: readonly string[],
  offered: ToolList,
): StepResult & { tools: OfferedTool[]; alarms: string[] } {
  const restrictions = parseRestrictions(context.tool_restrictions)
  const permitted = { servers, restrictions }
  const isPermitted = ({ server, tool }: OfferedTool) =>
    decideTool({ server, name: tool }, permitted).permitted
  const tools = offered.tools.filter(isPermitted).toSorted(byName).filter(isFirst)
  const rules = servers.map((server) => [server, ruleOf(restrictions, server)] as const)
  const alarms = rules.flatMap(([server, { mode }]) => (mode === 'unreadable' ? [server] : []))
  const data = {
    rules: Object.fromEntries(rules.map(([server, rule]) => [server, showRule(rule)])),
    tools: tools.map(({ server, tool }) => `${server}.${tool}`),
    left_out: offered.tools.length - tools.length,
    ...(offered.unreachable.length > 0 && { unreachable: offered.unreachable }),
    ...(alarms.length > 0 && { unreadable: alarms }),
  }
  return { ...passed(data), tools, alarms }
}

const showRule = (rule: ToolRule) =>
  'patterns' in rule ? { ...rule, patterns: rule.patterns.map(({ text }) => text) } : rule

/** Two tools cannot have one name: the API would refuse the whole request. */
const isFirst = ({ name }: OfferedTool, at: number, sorted: readonly OfferedTool[]): boolean =>
  sorted[at - 1]?.name !== name

const byName = (a: OfferedTool, b: OfferedTool): number => (a.name < b.name ? -1 : Number(a.name > b.name))
