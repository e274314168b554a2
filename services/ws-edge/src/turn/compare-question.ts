import { streams } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { EdgeConfig } from '../config.ts'
import { isSameQuestion, readStoredQuestion } from '../message/own-question.ts'
import { recoverReply } from '../reply/recover-reply.ts'
import type { UserMessage } from '../message/user-message.ts'

interface CompareDeps {
  readonly bus: Pick<Bus, 'request' | 'readStored'>
  readonly config: Pick<EdgeConfig, 'EDGE_OWNER_TIMEOUT_MS' | 'EDGE_RESULT_TIMEOUT_MS'>
}

/**
 * Whether the turn that has this message's id already asks something else. Until its end the stream holds its message, at
 * `seq`; after it the row says what it asked. False where neither can be asked now: then the relay finds it out later.
 * Never throws.
 */
export async function asksOtherQuestion(
  message: UserMessage & { user_id: number },
  seq: number | undefined,
  deps: CompareDeps,
): Promise<boolean> {
  const { session_id } = message
  const stored = await readStored(seq, deps).catch(() => undefined)
  const question = readStoredQuestion(stored, session_id)
  if (question) return !isSameQuestion(question, message)
  const { found } = await recoverReply({ ...message, question: message }, deps)
  return found === 'other'
}

const readStored = async (seq: number | undefined, { bus }: CompareDeps): Promise<unknown> =>
  seq === undefined ? undefined : bus.readStored(streams.CHAT_TURNS.name, seq)
