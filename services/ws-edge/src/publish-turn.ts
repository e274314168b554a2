import { subjects, type Identity, type TurnMessage } from '@omni2/contracts'
import { PublishRefusedError, type Bus } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { UserMessage } from './user-message.ts'

/** Whether the turn is stored; `duplicate`: it was already, so it may be running or over. */
export type Acceptance = 'accepted' | 'duplicate' | 'unknown' | 'refused'

/** Stores a user's message for one worker under its session_id, so that sending it again stays one turn. */
export async function publishTurn(
  message: UserMessage,
  { identity, acceptedAt }: { identity: Identity; acceptedAt: Date },
  { bus, log }: { bus: Pick<Bus, 'publishDurably'>; log: Logger },
): Promise<Acceptance> {
  const turn: TurnMessage = {
    session_id: message.session_id,
    conversation_id: message.conversation_id,
    identity,
    source: message.source,
    client_msg_id: message.client_msg_id ?? null,
    text: message.text,
    replaces: message.replaces,
    accepted_at: acceptedAt.toISOString(),
  }
  try {
    const { duplicate } = await bus.publishDurably(subjects.turns, JSON.stringify(turn), {
      id: turn.session_id,
    })
    return duplicate ? 'duplicate' : 'accepted'
  } catch (error) {
    log.warn({ err: error }, 'turn not accepted')
    return error instanceof PublishRefusedError ? 'refused' : 'unknown'
  }
}
