import {
  makeFlowMessageId,
  makeNodeId,
  streams,
  subjects,
  type FlowEventMessage,
  type Identity,
} from '@omni2/contracts'
import { PublishRefusedError, type Bus } from '@omni2/bus'
import { retry, type Logger } from '@omni2/service-kit'
import { failSpan, messagingAttributes, semanticAttributes, withSpan, type Span } from '@omni2/telemetry'
import type { UserMessage } from '../message/user-message.ts'

interface RecordDeps {
  readonly bus: Pick<Bus, 'publishDurably'>
  readonly instance: string
  readonly log: Logger
}

/** Pauses between rounds of durable publishing, each of several tries, in milliseconds: they double up to the longest. */
const firstPauseMs = 1000
const longestPauseMs = 10_000

interface Accepted {
  readonly identity: Identity
  readonly acceptedAt: Date
  /** Of the span in which the turn was stored. */
  readonly traceparent: string | undefined
}

/**
 * Records the turn's first event, `accepted`, however long NATS is away or without room: no turn is accepted meanwhile,
 * so only those that are on their way wait here. Never throws: a turn without it is still answered and settled.
 */
export function recordAccepted(message: UserMessage, accepted: Accepted, deps: RecordDeps): Promise<void> {
  const recorded = makeAcceptedEvent(message, accepted, deps)
  const attributes = {
    ...messagingAttributes({ name: 'publish', type: 'send' }, streams.FLOW_EVENTS.name),
    [semanticAttributes.turn]: message.session_id,
    [semanticAttributes.step]: 'accepted',
  }
  const { traceparent: parent } = accepted
  return withSpan({ name: 'record accepted', kind: 'producer', parent, attributes }, (span) => {
    deps.log.info({ step: 'accepted' }, 'turn accepted')
    return store(recorded, span, deps)
  })
}

async function store(recorded: FlowEventMessage, span: Span, { bus, log }: RecordDeps): Promise<void> {
  const subject = subjects.flowAccepted(recorded.session_id)
  const id = makeFlowMessageId(recorded)
  const publish = () => bus.publishDurably(subject, JSON.stringify(recorded), { id })
  const onFailure = (err: unknown, round: number) => {
    if (round === 1) log.warn({ err }, 'accepted event not stored: trying until it is')
  }
  const pauseMs = (round: number) => Math.min(firstPauseMs * 2 ** (round - 1), longestPauseMs)
  await retry(publish, { pauseMs, mayPass, onFailure, ref: false }).catch((err: unknown) => {
    log.error({ err }, 'accepted event refused')
    failSpan(span, err)
  })
}

const mayPass = (error: unknown): boolean => !(error instanceof PublishRefusedError) || error.isFull

function makeAcceptedEvent(
  message: UserMessage,
  { identity, acceptedAt }: Accepted,
  { instance }: RecordDeps,
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
      data: {
        client_msg_id: message.client_msg_id ?? null,
        edge: instance,
        text_length: message.text.length,
      },
    },
  }
}
