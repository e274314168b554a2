import { type OpenReply, protocolVersion } from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'
import type { Connection } from '../connection/connection.ts'
import { encodeFrame } from '../frames/make-frame.ts'
import type { EdgeMetrics } from '../metrics.ts'
import { makeResumeToken } from '../resume/resume-token.ts'

interface WelcomeDeps {
  readonly config: Pick<EdgeConfig, 'RESUME_TOKEN_SECRET' | 'RESUME_TOKEN_LIFETIME_MS'>
  readonly instance: string
  readonly metrics: Pick<EdgeMetrics, 'handshakes'>
}

/** Sends the one `welcome` of a connection. */
export function welcomeUser(
  connection: Connection,
  { welcome, limits }: Extract<OpenReply, { allowed: true }>,
  { config, instance, metrics }: WelcomeDeps,
): void {
  const { conversationId: conversation_id, identity } = connection
  const expires_at = Date.now() + config.RESUME_TOKEN_LIFETIME_MS
  const claims = { conversation_id, user_id: identity.user_id, expires_at }
  const resume_token = makeResumeToken(claims, { secret: config.RESUME_TOKEN_SECRET })
  connection.log.info('connection opened')
  metrics.handshakes.add(1, { result: 'open' })
  connection.send(
    encodeFrame({
      type: 'welcome',
      protocol: protocolVersion,
      conversation_id,
      text: welcome,
      resume_token,
      limits,
      edge: instance,
    }),
  )
}
