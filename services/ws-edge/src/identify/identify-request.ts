import type { IncomingMessage } from 'node:http'
import { identityHeaders, userIdSchema, type Identity } from '@omni2/contracts'
import { authenticate, type AssertionDeps, type BoundRequest } from '@omni2/identity'
import { isInRanges } from '@omni2/net'
import type { EdgeConfig } from '../config.ts'
import { UpgradeRefused } from '../upgrade-refused.ts'

export interface IdentifyDeps {
  /** Public keys of `auth`; none where X-User-Id is believed. */
  readonly keys: AssertionDeps['keys'] | undefined
  readonly config: Pick<EdgeConfig, 'AUTH_CLOCK_TOLERANCE_SECONDS' | 'TRUSTED_PROXIES' | 'WS_EDGE_TRUST'>
  readonly log: AssertionDeps['log']
}

/**
 * Who a request is from: by the assertion that `auth` signed for it, or by the bare header where the deployment keeps
 * its own auth. Throws UpgradeRefused or IdentityRefused. Takes Node's request and what the assertion must be made for.
 */
export async function identifyRequest(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  bound: BoundRequest,
  { keys, config, log }: IdentifyDeps,
): Promise<Identity> {
  if (config.WS_EDGE_TRUST === 'assertion') {
    if (!keys) throw new UpgradeRefused('unavailable')
    const clockToleranceSeconds = config.AUTH_CLOCK_TOLERANCE_SECONDS
    return authenticate(headers, bound, { keys, clockToleranceSeconds, log })
  }
  if (!isInRanges(socket.remoteAddress, config.TRUSTED_PROXIES)) throw new UpgradeRefused('untrusted_proxy')
  return readHeaders(headers)
}

/** A login that such a deployment ends is ended by its proxy: here it has no id that a session would have, and no end. */
const foreignLogin = { sid: 'x-user-id', session_exp: 253_402_300_799 } as const

function readHeaders(headers: IncomingMessage['headers']): Identity {
  const given = headers[identityHeaders.userId]
  if (given === undefined || given === '') throw new UpgradeRefused('user_header_missing')
  const isWritten = typeof given === 'string' && /^[1-9]\d{0,9}$/.test(given)
  const userId = userIdSchema.safeParse(isWritten ? Number(given) : undefined)
  if (!userId.success) throw new UpgradeRefused('user_header_invalid')
  const name = (header: string) => String(headers[header] ?? '')
  return {
    user_id: userId.data,
    username: name(identityHeaders.username),
    role: name(identityHeaders.role),
    ...foreignLogin,
  }
}
