import { AnswerTimeoutError, NobodyAnswersError, parkMessage, type Bus, type JsMsg } from '@omni2/bus'
import {
  aliveReplySchema,
  heartbeatMs,
  subjects,
  turnMessageSchema,
  type TurnMessage,
} from '@omni2/contracts'
import { TerminalError, type Logger } from '@omni2/service-kit'
import { answerTurn, type FlowDeps } from './flow.ts'

/** How long an owner has to say that it is alive, in milliseconds. */
const aliveTimeoutMs = 500
/** Pause before a turn that failed here is delivered again, in milliseconds. */
const failedPauseMs = 1000

/** Works on one delivered message and acknowledges it; never throws. */
export async function handleDelivery(message: JsMsg, deps: FlowDeps & { log: Logger }): Promise<void> {
  const turn = decodeTurn(message)
  if (!turn) return park(message, 'not a turn message', deps)
  const log = deps.log.child({ session_id: turn.session_id })
  using _heartbeat = keepWorking(message, turn, deps)
  try {
    // A stalled server gives live turns to others, and a message sent again after the stream's window is stored again.
    if (await isAlive(turn, deps)) return
    const outcome = await answerTurn(turn, message.redelivered, deps)
    log.info({ outcome, deliveries: message.info.deliveryCount }, 'turn handled')
    if (outcome === 'ended') await message.ackAck()
    else if (outcome === 'released') message.nak()
    else if (outcome === 'exhausted') await park(message, 'every attempt died', deps)
  } catch (error) {
    log.error({ err: error }, 'turn failed')
    if (error instanceof TerminalError) await park(message, error.message, deps)
    else message.nak(failedPauseMs)
  }
}

function decodeTurn(message: JsMsg): TurnMessage | undefined {
  try {
    return turnMessageSchema.parse(message.json())
  } catch {
    return undefined
  }
}

/** Tells the queue that the message is being worked on, and the attempt that it may still speak. */
function keepWorking(
  message: JsMsg,
  turn: TurnMessage,
  { liveTurns }: Pick<FlowDeps, 'liveTurns'>,
): Disposable {
  const beat = () => {
    message.working()
    liveTurns.find(turn.session_id)?.ownership.beat()
  }
  const timer = setInterval(beat, heartbeatMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Whether some worker runs the turn; a frozen owner does not answer in time, and the claim will fence it off. */
async function isAlive(
  turn: TurnMessage,
  { bus, liveTurns }: Pick<FlowDeps, 'bus' | 'liveTurns'>,
): Promise<boolean> {
  if (liveTurns.find(turn.session_id)) return true
  const request = { user_id: turn.identity.user_id }
  try {
    await bus.request(subjects.owner(turn.session_id, 'alive'), request, {
      reply: aliveReplySchema,
      timeoutMs: aliveTimeoutMs,
    })
    return true
  } catch (error) {
    if (error instanceof NobodyAnswersError || error instanceof AnswerTimeoutError) return false
    throw error
  }
}

async function park(
  message: JsMsg,
  reason: string,
  { bus, worker, log }: { bus: Pick<Bus, 'publishDurably'>; worker: string; log: Logger },
): Promise<void> {
  try {
    await parkMessage(message, { reason, by: worker }, { bus })
    log.error({ reason, stream_sequence: message.info.streamSequence }, 'message parked in the dead letters')
  } catch (error) {
    log.error({ err: error }, 'parking failed; the message will be delivered again')
    message.nak(failedPauseMs)
  }
}
