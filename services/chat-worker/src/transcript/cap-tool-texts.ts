import { levelOff } from '../model/level-off.ts'
import type { CalledTool } from './transcript.ts'

/** Bytes that one turn's tool texts take in its row at most, inputs and results together. */
export const toolTextsBytes = 2.5 * 1024 * 1024

/** What a call takes beside its texts: names, times, and what says that a text is left out. */
const namesBytes = 1024

const leftOut = '(left out: the texts of this turn are too long for one record)'

/**
 * The same calls with their texts in `bytes` as JSON: the short ones whole, of the others as much as all can have, with a
 * word that the rest is left out.
 */
export function capToolTexts(tools: readonly CalledTool[], bytes: number): CalledTool[] {
  const sizes = tools.flatMap(({ input, answer }) => [measure(input), measure(answer?.content)])
  const level = Math.max(leftOut.length + 2, levelOff(sizes, bytes - tools.length * namesBytes))
  return tools.map((tool) => {
    const { input, answer } = tool
    const kept = answer && { ...answer, content: cutText(answer.content, level) }
    return { ...tool, input: measure(input) <= level ? input : leftOut, answer: kept }
  })
}

/** As many characters of a text as fit; their bytes differ, so it takes some tries. */
function cutText(text: string, bytes: number): string {
  if (measure(text) <= bytes) return text
  let length = Math.floor((text.length * (bytes - leftOut.length)) / measure(text))
  while (length > 0 && measure(text.slice(0, length) + leftOut) > bytes) length = Math.floor(length * 0.9)
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '') + leftOut
}

const measure = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')
