import { AnswerTimeoutError, NoResponderError, type Bus } from '@omni2/bus'
import { requests, type CancelReply, type CancelRequest } from '@omni2/contracts'
import { requestCancel, type Database } from '@omni2/db'
import { retry } from '@omni2/service-kit'
import type { Config } from '../config.ts'

interface CancelDeps {
  bus: Pick<Bus, 'request'>
  database: Pick<Database, 'db'>
  config: Pick<Config, 'TURN_DEADLINE_MS'>
}

const ownerTimeoutMs = 500
/** An owner subscribes right after its claim. If it dies, the request stays in the row for the next one. */
const ownerTries = 4
const ownerPauseMs = 100

/** Answers `chat.cancel`: writes the request to the row of the turn first, then notifies the owner. */
export async function answerCancelRequest(request: CancelRequest, deps: CancelDeps): Promise<CancelReply> {
  const status = await requestCancel(request, { deadlineMs: deps.config.TURN_DEADLINE_MS }, deps.database)
  if (status === undefined) return { state: 'unknown' }
  if (status === 'running') await notifyOwner(request, deps)
  return { state: status === 'running' || status === 'queued' ? 'requested' : 'ended' }
}

async function notifyOwner({ session_id, user_id }: CancelRequest, { bus }: CancelDeps): Promise<void> {
  const options = { timeoutMs: ownerTimeoutMs }
  const ask = () => bus.request(requests.owner.cancel(session_id), { user_id }, options)
  try {
    await retry(ask, { tries: ownerTries, pauseMs: ownerPauseMs, mayPass: isSilence })
  } catch (error) {
    if (!isSilence(error)) throw error
  }
}

const isSilence = (error: unknown): boolean =>
  error instanceof NoResponderError || error instanceof AnswerTimeoutError
