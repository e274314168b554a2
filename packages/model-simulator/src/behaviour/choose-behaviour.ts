import { findTurn } from '../find-turn.ts'
import type { ConversationMessage } from '../request/request-shape.ts'
import { cutClauses } from './cut-clauses.ts'
import { parseBehaviour, type Behaviour } from './parse-behaviour.ts'
import { badClause } from './read-clause.ts'

const opening = /\[\[sim(?=[\s\]])/

/** The behaviour a request asks for, by its turn's text and by the `x-simulator` header, which wins. */
export function chooseBehaviour(messages: readonly ConversationMessage[], header?: string): Behaviour {
  const { directive } = splitDirective(findTurn(messages).text)
  const behaviour = { ...parseBehaviour(directive), ...parseBehaviour(readHeader(header ?? '')) }
  if (behaviour.failFirst !== undefined && behaviour.failure === undefined) {
    throw badClause(`fail-first=${behaviour.failFirst}`, 'needs a failure: error, reset, stall or truncate')
  }
  return behaviour
}

/** Takes the first `[[sim …]]` out of a text. */
export function splitDirective(text: string): { words: string; directive: readonly string[] } {
  const start = opening.exec(text)
  if (start === null) return { words: text, directive: [] }
  const { clauses, end, closed } = cutClauses(text, start.index + start[0].length)
  if (!closed) throw badClause(text.slice(start.index, start.index + 80), 'is not closed by ]]')
  return { words: text.slice(0, start.index) + text.slice(end + 2), directive: clauses }
}

function readHeader(header: string): readonly string[] {
  const { clauses, end, closed } = cutClauses(header)
  if (closed) throw badClause(header.slice(end), 'stands in a header, where ]] has no place')
  return clauses
}
