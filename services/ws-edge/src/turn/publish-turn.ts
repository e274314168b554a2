import { streams, subjects, type Identity, type TurnMessage } from '@omni2/contracts'
import { PublishRefusedError, type Bus } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import {
  currentTraceparent,
  failSpan,
  messagingAttributes,
  semanticAttributes,
  withSpan,
  type Span,
} from '@omni2/telemetry'
import type { EdgeMetrics } from '../metrics.ts'
import type { UserMessage } from '../message/user-message.ts'

/** Whether the turn is stored; `duplicate`: it was already, so it may be running or over. */
export type Acceptance = 'accepted' | 'duplicate' | 'unknown' | 'refused'

interface Sender {
  readonly identity: Identity
  readonly acceptedAt: Date
}

interface PublishDeps {
  readonly bus: Pick<Bus, 'publishDurably'>
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly metrics: Pick<EdgeMetrics, 'acceptances' | 'acceptSeconds'>
  readonly log: Logger
}

/**
 * Stores a user's message for one worker under its session_id, so that sending it again stays one turn. Here the turn's
 * trace begins, whatever a client says of one: else anybody could fill the collector. All that follows hangs below
 * `traceparent`, which is undefined while tracing is off. `seq` is where the stream keeps the message, or had kept the one
 * with this id.
 */
export function publishTurn(
  message: UserMessage,
  from: Sender,
  deps: PublishDeps,
): Promise<{ published: Acceptance; seq: number | undefined; traceparent: string | undefined }> {
  const attributes = describeTurn(message, from)
  return withSpan({ name: 'accept', kind: 'producer', parent: undefined, attributes }, async (span) => {
    const { published, seq } = await store(makeTurn(message, from), span, deps)
    span.setAttribute(semanticAttributes.outcome, published)
    deps.metrics.acceptances.add(1, { result: published })
    return { published, seq, traceparent: currentTraceparent() }
  })
}

const describeTurn = ({ session_id, conversation_id }: UserMessage, { identity }: Sender) => ({
  ...messagingAttributes({ name: 'publish', type: 'send' }, streams.CHAT_TURNS.name),
  [semanticAttributes.messagingMessageId]: session_id,
  [semanticAttributes.turn]: session_id,
  ...(conversation_id === null ? {} : { [semanticAttributes.genAiConversation]: conversation_id }),
  [semanticAttributes.userId]: String(identity.user_id),
})

const makeTurn = (message: UserMessage, { identity, acceptedAt }: Sender): TurnMessage => ({
  session_id: message.session_id,
  conversation_id: message.conversation_id,
  identity,
  source: message.source,
  client_msg_id: message.client_msg_id ?? null,
  text: message.text,
  replaces: message.replaces,
  accepted_at: acceptedAt.toISOString(),
})

async function store(
  turn: TurnMessage,
  span: Span,
  { bus, now, metrics, log }: PublishDeps,
): Promise<{ published: Acceptance; seq: number | undefined }> {
  const begunAt = now()
  try {
    const { duplicate, seq } = await bus.publishDurably(subjects.turns, JSON.stringify(turn), {
      id: turn.session_id,
    })
    metrics.acceptSeconds.observe((now() - begunAt) / 1000)
    return { published: duplicate ? 'duplicate' : 'accepted', seq }
  } catch (error) {
    log.warn({ err: error }, 'turn not accepted')
    failSpan(span, error)
    return { published: error instanceof PublishRefusedError ? 'refused' : 'unknown', seq: undefined }
  }
}
