import { streams } from '@omni2/contracts'
import { toolTextsBytes } from '../transcript/cap-tool-texts.ts'

/** Bytes of a settlement beside its question, its answer and its tools. */
const restBytes = 64 * 1024

/** Bytes of tool texts that fit into the settlement of a turn, which must fit into one message of its stream. */
export function roomForTools({ question, answer }: { question: string; answer: string }): number {
  // The settlement contains both texts twice: as they are, and in the activities.
  const texts = 2 * (countBytes(question) + countBytes(answer))
  return Math.min(toolTextsBytes, streams.FLOW_EVENTS.max_msg_size - restBytes - texts)
}

const countBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text))
