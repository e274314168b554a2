import type { Bus } from '@omni2/bus'
import { requests, type TurnMessage } from '@omni2/contracts'
import type { LiveTurns } from '../attempt/live-turns.ts'

interface AliveDeps {
  bus: Pick<Bus, 'answer'>
  liveTurns: Pick<LiveTurns, 'find'>
  worker: string
}

/**
 * Answers other workers that ask for the owner of a turn, until it is disposed. It begins before the claim: a turn that
 * is claimed and has no listener here belongs to a process that is gone.
 */
export function answerAlive({ session_id, identity }: TurnMessage, deps: AliveDeps): Disposable {
  const { bus, liveTurns, worker } = deps
  const subscription = bus.answer(requests.owner.alive(session_id), async ({ user_id }) =>
    user_id === identity.user_id ? { attempt: liveTurns.find(session_id)?.number ?? 1, worker } : undefined,
  )
  return { [Symbol.dispose]: () => subscription.unsubscribe() }
}
