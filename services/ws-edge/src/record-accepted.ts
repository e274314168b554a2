import { setTimeout as sleep } from 'node:timers/promises'
import {
  makeFlowMessageId,
  makeNodeId,
  subjects,
  type FlowEventMessage,
  type Identity,
} from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { UserMessage } from './user-message.ts'

interface RecordDependencies {
  readonly bus: Pick<Bus, 'publishDurably'>
  readonly instance: string
  readonly log: Logger
}

/** Rounds of durable publishing, each of several tries, and the pause between them in milliseconds. */
const rounds = 3
const pauseMs = 1000

/** Records the turn's first event, `accepted`. Never throws: a turn without it is still answered and settled. */
export async function recordAccepted(
  message: UserMessage,
  { identity, acceptedAt }: { identity: Identity; acceptedAt: Date },
  { bus, instance, log }: RecordDependencies,
): Promise<void> {
  const recorded = makeAcceptedEvent(message, { identity, acceptedAt, edge: instance })
  const id = makeFlowMessageId(recorded)
  log.info({ step: 'accepted' }, 'turn accepted')
  for (let round = 1; round <= rounds; round += 1) {
    try {
      await bus.publishDurably(subjects.flowEvents(message.session_id), JSON.stringify(recorded), { id })
      return
    } catch (err) {
      log.warn({ err, round }, 'accepted event not stored')
      await sleep(pauseMs, null, { ref: false })
    }
  }
}

function makeAcceptedEvent(
  message: UserMessage,
  { identity, acceptedAt, edge }: { identity: Identity; acceptedAt: Date; edge: string },
): FlowEventMessage {
  return {
    kind: 'event',
    session_id: message.session_id,
    user_id: identity.user_id,
    conversation_id: message.conversation_id,
    source: message.source,
    event: {
      node_id: makeNodeId(0, 0),
      parent_id: null,
      event_type: 'accepted',
      timestamp: acceptedAt.toISOString(),
      attempt: 0,
      ordinal: 0,
      outcome: 'passed',
      data: { client_msg_id: message.client_msg_id ?? null, edge, text_length: message.text.length },
    },
  }
}
