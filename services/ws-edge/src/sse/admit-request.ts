import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Identity } from '@omni2/contracts'
import { checkIdentityHeaders } from '@omni2/identity'
import type { OriginRules } from '@omni2/service-kit'
import { checkOrigin } from '../identify/check-origin.ts'
import type { Connections } from '../connection/connections.ts'
import { identifyRequest, type IdentifyDeps } from '../identify/identify-request.ts'
import { UpgradeRefused } from '../upgrade-refused.ts'

export interface AskRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** As it was sent, without the query. */
  readonly path: string
}

export interface AdmitDeps extends IdentifyDeps {
  readonly connections: Connections
  readonly origins: OriginRules
}

/**
 * Admits a request and says who sent it, with the same checks as an upgrade; each throws UpgradeRefused or
 * IdentityRefused.
 */
export async function admitRequest(
  { request, response, path }: AskRequest,
  deps: AdmitDeps,
): Promise<Identity> {
  const { connections } = deps
  if (connections.isClosed) throw new UpgradeRefused('draining')
  takePlace(response, connections)
  checkIdentityHeaders(request.rawHeaders)
  checkOrigin(request.headers, deps)
  const identity = await identifyRequest(request, { method: request.method ?? '', path }, deps)
  if (connections.isClosed) throw new UpgradeRefused('draining')
  return identity
}

/** Taken before the proof is verified, so that unproven requests are bounded too. */
function takePlace(response: ServerResponse, connections: Connections): void {
  const place = connections.takePlace()
  if (!place) throw new UpgradeRefused('full')
  response.once('close', () => place[Symbol.dispose]())
}
