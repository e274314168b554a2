import type { ToolNote } from '@omni2/contracts'
import type { OfferedTool } from './toolbox.ts'

/** For how long a tool that was refused is not offered; what the API takes may change. */
const setAsideMs = 3_600_000

/** Tools of one server that the model's API refused, each until it is described otherwise, or for an hour. */
export class SetAside {
  readonly #refused = new Map<string, { described: string; until: number; why: string }>()

  add(tool: OfferedTool, why: string): void {
    this.#refused.set(tool.tool, {
      described: JSON.stringify(tool),
      until: performance.now() + setAsideMs,
      why,
    })
  }

  has(tool: OfferedTool): boolean {
    const refused = this.#refused.get(tool.tool)
    return (
      refused !== undefined && refused.until > performance.now() && refused.described === JSON.stringify(tool)
    )
  }

  /** What is to be said of those of these tools that are set aside. */
  notes(tools: readonly OfferedTool[]): ToolNote[] {
    return tools
      .filter((tool) => this.has(tool))
      .map(({ tool, name }) => ({
        tool,
        state: 'set_aside',
        offered_as: name,
        why: this.#refused.get(tool)?.why ?? '',
      }))
  }
}
