import type { CountRequest } from '../request/request-shape.ts'

/** Which tools there are and which of them are asked for. */
export function* toolChoiceRules({ tools = [], tool_choice: choice }: CountRequest): Iterable<string> {
  const names = new Set(tools.map(({ name }) => name))
  if (names.size < tools.length) yield 'tools: tool names must be unique'
  if (choice && tools.length === 0) yield 'tool_choice: may only be specified while providing tools'
  if (choice?.type === 'tool' && !names.has(choice.name))
    yield `tool_choice: tool '${choice.name}' not found in provided tools`
}
