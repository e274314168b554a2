import { parkMessage, readAckSubject, readTraceparent, type Bus, type JsMsg } from '@omni2/bus'
import {
  consumers,
  type DeadLetterCauseOf,
  heartbeatMs,
  type TurnMessage,
  turnMessageSchema,
} from '@omni2/contracts'
import { TerminalError, type Logger } from '@omni2/service-kit'
import { failSpan, messagingAttributes, semanticAttributes, withSpan, type Span } from '@omni2/telemetry'
import { answerAlive } from './answer-alive.ts'
import { askOwner } from './ask-owner.ts'
import { correctAcceptedAt } from './correct-accepted-at.ts'
import { answerTurn, type FlowDeps, type DeliveryResult } from '../flow.ts'
import type { LiveTurns } from '../attempt/live-turns.ts'
import type { WorkerMetrics } from '../metrics.ts'
import { refuseOtherQuestion } from '../claim/refuse-other-question.ts'

/**
 * How long the owner of a turn has to answer that it is alive, in milliseconds, asked again and again. After an outage
 * of NATS all turns are delivered again at once, and answers are late.
 */
const aliveTimeoutsMs = [500, 1000, 1500]
/** Pause before a turn that failed here is delivered again, in milliseconds. */
const failedPauseMs = 1000

type DeliveryDeps = FlowDeps & { liveTurns: LiveTurns; log: Logger }

/** Processes one delivered message in the trace of its turn, and acknowledges it. Never throws. */
export async function handleDelivery(message: JsMsg, deps: DeliveryDeps): Promise<void> {
  const decoded = decodeTurn(message)
  if (!decoded) return park(message, { cause: 'not_a_turn', detail: 'not a turn message' }, deps)
  const { turn, edgeAheadMs } = correctAcceptedAt(decoded, message)
  if (edgeAheadMs !== 0)
    deps.log.warn(
      { session_id: turn.session_id, edge_ahead_ms: edgeAheadMs },
      'clock of an edge differs from that of nats',
    )
  const parent = readTraceparent(message)
  const attributes = describeDelivery(turn)
  return withSpan({ name: 'process turn', kind: 'consumer', parent, attributes }, (span) =>
    handleTurn(message, turn, span, deps),
  )
}

async function handleTurn(message: JsMsg, turn: TurnMessage, span: Span, deps: DeliveryDeps): Promise<void> {
  const log = deps.log.child({ session_id: turn.session_id })
  using _heartbeat = keepWorking(message, turn, deps)
  deps.watchdog.note(turn.session_id)
  try {
    const outcome = await answerDelivery(message, turn, deps)
    if (outcome === 'taken') return await leaveToOwner(message, turn, deps)
    log.info({ outcome, deliveries: message.info.deliveryCount }, 'turn handled')
    span.setAttribute(semanticAttributes.outcome, outcome)
    await acknowledge(message, outcome, deps)
  } catch (error) {
    log.error({ err: error }, 'turn failed')
    failSpan(span, error)
    if (error instanceof TerminalError) await park(message, { cause: 'failed', detail: error.message }, deps)
    else message.nak(failedPauseMs)
  }
}

/**
 * Answers the turn of a message unless another worker does: then it is `taken`. A stalled server delivers live turns
 * again, and stores a message again after the deduplication window. The claim of a first delivery finds that out by
 * itself, so no owner is asked.
 */
async function answerDelivery(
  message: JsMsg,
  turn: TurnMessage,
  deps: DeliveryDeps,
): Promise<DeliveryResult> {
  const delivery = { redelivered: message.redelivered, ackSubject: readAckSubject(message) }
  const answer = async (mayTakeOver: boolean) => {
    using _alive = answerAlive(turn, deps)
    return await answerTurn(turn, { ...delivery, mayTakeOver }, deps)
  }
  const outcome = message.redelivered ? 'taken' : await answer(false)
  if (outcome !== 'taken' || (await isAlive(turn, deps))) return outcome
  return answer(true)
}

async function acknowledge(
  message: JsMsg,
  outcome: Exclude<DeliveryResult, 'taken'>,
  deps: DeliveryDeps,
): Promise<void> {
  switch (outcome) {
    case 'ended':
      await message.ackAck()
      return
    case 'exhausted':
      return park(message, { cause: 'attempts_exhausted', detail: 'every attempt died' }, deps)
    case 'released':
      message.nak()
      deps.metrics.turnsLeft.add(1, { reason: outcome })
      return
    case 'superseded':
      deps.metrics.turnsLeft.add(1, { reason: outcome })
  }
}

const describeDelivery = ({ session_id, conversation_id, identity }: TurnMessage) => ({
  ...messagingAttributes({ name: 'process', type: 'process' }, consumers['chat-worker'].stream),
  [semanticAttributes.messagingConsumerGroup]: consumers['chat-worker'].durable_name,
  [semanticAttributes.messagingMessageId]: session_id,
  [semanticAttributes.turn]: session_id,
  ...(conversation_id === null ? {} : { [semanticAttributes.genAiConversation]: conversation_id }),
  [semanticAttributes.userId]: String(identity.user_id),
})

function decodeTurn(message: JsMsg): TurnMessage | undefined {
  try {
    return turnMessageSchema.parse(message.json())
  } catch {
    return undefined
  }
}

/** Sends a heartbeat to the queue, and confirms to the attempt that it may still send frames. */
function keepWorking(
  message: JsMsg,
  turn: TurnMessage,
  { liveTurns }: Pick<DeliveryDeps, 'liveTurns'>,
): Disposable {
  const beat = () => {
    message.working()
    liveTurns.find(turn.session_id)?.ownership.beat()
  }
  const timer = setInterval(beat, heartbeatMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Whether a worker runs the turn. A frozen owner does not answer in time; the claim then fences it off. */
async function isAlive(
  turn: TurnMessage,
  { bus, liveTurns }: Pick<DeliveryDeps, 'bus' | 'liveTurns'>,
): Promise<boolean> {
  if (liveTurns.find(turn.session_id)) return true
  const { session_id, identity } = turn
  for (const timeoutMs of aliveTimeoutsMs) {
    const owner = await askOwner({ session_id, user_id: identity.user_id }, { bus, timeoutMs })
    if (owner !== 'silent') return owner === 'alive'
  }
  return false
}

/**
 * The same turn goes on without this message, which is delivered again until the turn has ended. Another question has
 * no turn to wait for.
 */
async function leaveToOwner(message: JsMsg, turn: TurnMessage, deps: DeliveryDeps): Promise<void> {
  if (await refuseOtherQuestion(turn, deps)) await message.ackAck()
}

interface ParkDeps {
  bus: Pick<Bus, 'publishDurably'>
  worker: string
  metrics: Pick<WorkerMetrics, 'deadLetters'>
  log: Logger
}

async function park(
  message: JsMsg,
  { cause, detail }: { cause: DeadLetterCauseOf<'chat-worker'>; detail: string },
  { bus, worker, metrics, log }: ParkDeps,
): Promise<void> {
  try {
    await parkMessage(message, { cause, detail, by: worker }, { bus })
    metrics.deadLetters.add(1, { cause })
    const facts = { cause, detail, stream_sequence: message.info.streamSequence }
    log.error(facts, 'message parked in the dead letters')
  } catch (error) {
    log.error({ err: error }, 'parking failed; the message will be delivered again')
    message.nak(failedPauseMs)
  }
}
