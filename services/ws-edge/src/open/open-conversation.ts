import { setTimeout as sleep } from 'node:timers/promises'
import { type OpenReply, type OpenRequest, requests } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { EdgeConfig } from '../config.ts'
import type { Connection } from '../connection/connection.ts'

interface OpenDeps {
  readonly bus: Pick<Bus, 'request'>
  readonly config: Pick<EdgeConfig, 'EDGE_OPEN_TIMEOUT_MS'>
}

/** What a client asked to reopen: nothing, a conversation, or something that is no id. */
export type Reopening =
  | { state: 'none' }
  | { state: 'asked'; conversationId: string }
  | { state: 'malformed' }

const unavailable: OpenReply = { allowed: false, code: 'unavailable', message: '' }

/** Asks any worker whether the user may have this connection; no answer means `unavailable`. */
export async function openConversation(
  { identity, address, log }: Pick<Connection, 'identity' | 'address' | 'log'>,
  reopening: Reopening,
  { bus, config }: OpenDeps,
): Promise<OpenReply> {
  if (reopening.state === 'malformed') return { allowed: false, code: 'not_found', message: '' }
  const conversation_id = reopening.state === 'asked' ? reopening.conversationId : null
  const request: OpenRequest = { identity, conversation_id, ...(address === undefined ? {} : { address }) }
  try {
    return await askWorkers(request, { bus, config })
  } catch (err) {
    log.warn({ err }, 'no worker lets the user in')
    return unavailable
  }
}

/** The part of the deadline after which the worker that was asked may be dead. */
const patience = 1 / 3

/**
 * Asks one worker and, when it takes long, once more without giving up the first answer; the first to come counts. It
 * is a read, except that a slow connection may count twice in its minute.
 */
async function askWorkers(request: OpenRequest, { bus, config }: OpenDeps): Promise<OpenReply> {
  const { EDGE_OPEN_TIMEOUT_MS: deadlineMs } = config
  const patienceMs = Math.ceil(deadlineMs * patience)
  const ask = (timeoutMs: number) => bus.request(requests.open, request, { timeoutMs })
  const ended = new AbortController()
  const first = ask(deadlineMs).finally(() => ended.abort())
  const again = sleep(patienceMs, null, { signal: ended.signal }).then(() => ask(deadlineMs - patienceMs))
  return Promise.any([first, again])
}
