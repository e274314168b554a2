import { splitDirective } from '../behaviour/choose-behaviour.ts'
import type { Turn } from '../find-turn.ts'

const quotedCharacters = 60

/** What every reply begins with: the start of what was said or of what the tools answered, and how much came before. */
export function writeOpening(turn: Turn): string {
  const answered = turn.toolResults.map(({ tool, text }) => `The tool ${tool} answered: ${quote(text)}.`)
  const said = answered.length > 0 ? answered : [`You said: ${quote(splitDirective(turn.text).words)}.`]
  return [...said, ...mentionHistory(turn.earlierMessages)].join(' ')
}

function mentionHistory(count: number): string[] {
  if (count === 0) return []
  return [`I have read ${count} earlier ${count === 1 ? 'message' : 'messages'} of this conversation.`]
}

/** Well-formed first: half a surrogate pair would come out of UTF-8 as something else. */
function quote(text: string): string {
  const characters = Array.from(text.toWellFormed().replaceAll(/\s+/g, ' ').trim())
  const start = characters.slice(0, quotedCharacters).join('')
  return `"${start}${characters.length > quotedCharacters ? '…' : ''}"`
}
