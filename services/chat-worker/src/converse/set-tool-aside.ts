import type { Prompt } from '../model/build-request.ts'
import type { Transcript } from '../transcript/transcript.ts'
import type { OfferedTool, Toolbox } from '../tools/toolbox.ts'

/** A tool of the last request that the API refused it for, and why. */
interface Refused {
  tool: OfferedTool
  why: string
}

export interface SetAsideDeps {
  toolbox: Pick<Toolbox, 'setAside'>
}

/** Tools that one turn sets aside at most: each costs its reader the time of a request. */
const mostSetAside = 20

/** The tool that the API refused the last request for, if it named one of it, and few enough were set aside before. */
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

/** The prompt without a tool, which other turns are not offered either. */
export function setToolAside(prompt: Prompt, { tool, why }: Refused, { toolbox }: SetAsideDeps): Prompt {
  toolbox.setAside(tool, why)
  return { ...prompt, tools: prompt.tools.filter((other) => other !== tool) }
}
