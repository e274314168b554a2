import type { Message } from '@anthropic-ai/sdk/resources/messages'
import type { Behaviour } from '../behaviour/parse-behaviour.ts'
import type { Reply } from '../reply/compose-reply.ts'
import { failReply, isFinal } from './fail-reply.ts'
import type { Pace } from './reply-player.ts'
import type { SentPiece, Step } from './step.ts'

/** What a player does for a request that does not stream: it takes as long as the stream would, then all comes at once. */
export function* scriptWhole(
  message: Message,
  reply: Reply,
  behaviour: Behaviour,
  { pace, requestId }: { pace: Pace; requestId: string },
): Generator<Step> {
  const { failure } = behaviour
  if (failure !== undefined) {
    yield* failReply(failure, behaviour, requestId)
    if (isFinal(failure)) return
  }
  yield { do: 'pause', ms: pace.firstTokenMs + pace.paceMs * message.usage.output_tokens }
  yield { do: 'write', text: JSON.stringify(message), pieces: listPieces(reply) }
  yield { do: 'end', outcome: 'finished' }
}

function listPieces({ blocks }: Reply): SentPiece[] {
  return blocks.flatMap(({ type, pieces }) => pieces.map((piece) => ({ type, piece })))
}
