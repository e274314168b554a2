import { errorCodes, type OpenReply } from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'
import type { ServedClient } from './connections.ts'
import { encodeFrame, makeErrorFrame } from '../frames/make-frame.ts'
import type { EdgeMetrics } from '../metrics.ts'

type Refusal = Extract<OpenReply, { allowed: false }>

/** Refuses a connection that is one more than its user may have here, with the same words as one too many a minute. */
export function refuseOverShare(
  connection: ServedClient,
  {
    config,
    metrics,
  }: { config: Pick<EdgeConfig, 'EDGE_RETRY_AFTER_MS'>; metrics: Pick<EdgeMetrics, 'handshakes'> },
): void {
  const retry_after_ms = config.EDGE_RETRY_AFTER_MS
  metrics.handshakes.add(1, { result: 'too_many_connections' })
  connection.send(makeErrorFrame('too_many_connections', { retry_after_ms }))
  connection.close(4429)
}

/** Refuses a client whose handshake was accepted already, and counts it as refused. */
export function refuseHandshake(
  connection: ServedClient,
  refusal: Refusal,
  deps: Parameters<typeof refuseConnection>[2] & { metrics: Pick<EdgeMetrics, 'handshakes'> },
): void {
  const { code } = refusal
  deps.metrics.handshakes.add(1, { result: code === 'not_found' ? 'not_yours' : code })
  refuseConnection(connection, refusal, deps)
}

/** Sends an accepted client the reason in a frame, then closes: a browser does not show why an upgrade was refused. */
export function refuseConnection(
  connection: ServedClient,
  { code, message, retry_after_ms }: Refusal,
  { config }: { config: Pick<EdgeConfig, 'EDGE_RETRY_AFTER_MS'> },
): void {
  connection.log.info({ code }, 'connection refused')
  switch (code) {
    case 'blocked':
      connection.send(encodeFrame({ type: 'blocked', message }))
      return connection.close(1008, `Access blocked: ${message}`)
    case 'account_inactive':
      connection.send(makeErrorFrame(code))
      return connection.close(1008, errorCodes.account_inactive.text)
    case 'login_revoked':
      connection.send(makeErrorFrame(code))
      return connection.close(4401)
    case 'not_found':
      connection.send(makeErrorFrame(code))
      return connection.close(4403)
    case 'too_many_connections':
      connection.send(makeErrorFrame(code, { retry_after_ms }))
      return connection.close(4429, undefined, retry_after_ms)
    case 'unavailable':
      connection.send(makeErrorFrame(code, { retry_after_ms: config.EDGE_RETRY_AFTER_MS }))
      return connection.close(1013)
  }
}
