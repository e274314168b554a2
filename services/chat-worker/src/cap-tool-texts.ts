import type { CalledTool } from './said.ts'

/** Bytes that one turn's tool texts take in its row at most, inputs and results together. */
export const toolTextsBytes = 2.5 * 1024 * 1024

/** What a call takes beside its texts: names, times, and what says that a text is left out. */
const namesBytes = 1024

const leftOut = '(left out: the texts of this turn are too long for one record)'

/** The same calls with as many of their texts, in order, as fit into `bytes` as JSON; the others say that they are left out. */
export function capToolTexts(tools: readonly CalledTool[], bytes: number): CalledTool[] {
  let left = bytes - tools.length * namesBytes
  const keep = <T>(value: T): T | string => {
    const size = Buffer.byteLength(JSON.stringify(value) ?? '')
    if (size <= leftOut.length) return value
    left -= size
    return left < 0 ? leftOut : value
  }
  return tools.map((tool) => {
    const input = keep(tool.input)
    const { answer } = tool
    return { ...tool, input, answer: answer && { ...answer, content: keep(answer.content) } }
  })
}
