import type { PoisonMessage, ReadableMessage } from '../decode/decode-message.ts'
import { describeRefusal } from './describe-refusal.ts'
import { groupFlows } from './group-flows.ts'
import { writeUntilCommitted, type WriteDeps } from './write-until-committed.ts'

export interface WriteOutcome {
  readonly written: readonly ReadableMessage[]
  /** What the database will not have, alone or with others. */
  readonly refused: readonly PoisonMessage[]
  /** What stopping came before. */
  readonly unwritten: readonly ReadableMessage[]
  readonly newEvents: number
}

const nothing: WriteOutcome = { written: [], refused: [], unwritten: [], newEvents: 0 }

/**
 * Writes messages together. Where the database refuses them, it writes halves, until it finds the messages that the
 * database refuses alone.
 */
export async function writeAroundPoison(
  messages: readonly ReadableMessage[],
  deps: WriteDeps,
): Promise<WriteOutcome> {
  if (messages.length === 0) return nothing
  try {
    const newEvents = await writeUntilCommitted(groupFlows(messages.map(({ content }) => content)), deps)
    if (newEvents === undefined) return { ...nothing, unwritten: messages }
    return { ...nothing, written: messages, newEvents }
  } catch (error) {
    const detail = describeRefusal(error)
    if (detail === undefined) throw error
    const [first] = messages
    if (first && messages.length === 1) return { ...nothing, refused: [makePoison(first, detail)] }
    return writeHalves(messages, deps)
  }
}

async function writeHalves(messages: readonly ReadableMessage[], deps: WriteDeps): Promise<WriteOutcome> {
  const half = Math.ceil(messages.length / 2)
  const first = await writeAroundPoison(messages.slice(0, half), deps)
  const second = await writeAroundPoison(messages.slice(half), deps)
  return {
    written: [...first.written, ...second.written],
    refused: [...first.refused, ...second.refused],
    unwritten: [...first.unwritten, ...second.unwritten],
    newEvents: first.newEvents + second.newEvents,
  }
}

const makePoison = ({ message }: ReadableMessage, detail: string): PoisonMessage => ({
  message,
  cause: 'refused_by_database',
  detail,
})
