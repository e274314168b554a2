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
    return await bus.request(requests.open, request, { timeoutMs: config.EDGE_OPEN_TIMEOUT_MS })
  } catch (err) {
    log.warn({ err }, 'no worker lets the user in')
    return unavailable
  }
}
