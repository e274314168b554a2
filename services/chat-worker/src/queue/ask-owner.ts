import { AnswerTimeoutError, NoResponderError, type Bus } from '@omni2/bus'
import { requests } from '@omni2/contracts'

/**
 * `silent`: the owner is connected and does not answer, as a frozen one. `gone`: NATS knows no connection of an owner.
 */
export type OwnerState = 'alive' | 'silent' | 'gone'

/** Asks the owner of a turn for a sign of life, and waits for it for `timeoutMs` milliseconds. */
export async function askOwner(
  { session_id, user_id }: { session_id: string; user_id: number },
  { bus, timeoutMs }: { bus: Pick<Bus, 'request'>; timeoutMs: number },
): Promise<OwnerState> {
  try {
    await bus.request(requests.owner.alive(session_id), { user_id }, { timeoutMs })
    return 'alive'
  } catch (error) {
    if (error instanceof NoResponderError) return 'gone'
    if (error instanceof AnswerTimeoutError) return 'silent'
    throw error
  }
}
