import type { Prompt } from '../model/build-request.ts'
import type { Transcript } from '../transcript/transcript.ts'
import type { OfferedTool, Toolbox } from '../tools/toolbox.ts'

/** The tool for which the API refused the last request, and the reason. */
interface Refused {
  tool: OfferedTool
  why: string
}

export interface SetAsideDeps {
  toolbox: Pick<Toolbox, 'setAside'>
}

/** Largest number of tools that one turn sets aside. Each costs the reader the time of a request. */
const mostSetAside = 20

/**
 * The tool for which the API refused the last request, if the request has it and the turn may set another one aside.
 */
export function findRefusedTool(
  prompt: Prompt,
  { failure }: Transcript,
  opening: Prompt,
): Refused | undefined {
  const refused = failure?.refusedTool
  const tool = refused && prompt.tools[refused.index]
  const setAside = opening.tools.length - prompt.tools.length
  return tool && setAside < mostSetAside ? { tool, why: refused.why } : undefined
}

/** The prompt without a tool, which other turns do not get either. */
export function setToolAside(prompt: Prompt, { tool, why }: Refused, { toolbox }: SetAsideDeps): Prompt {
  toolbox.setAside(tool, why)
  return { ...prompt, tools: prompt.tools.filter((other) => other !== tool) }
}
