import { foreignOrigin } from '@omni2/contracts'
import type { OriginRules } from '@omni2/service-kit'
import { ConsoleRefused } from '../console-refused.ts'

interface ChangeRequest {
  readonly method: string
  readonly origin: string | undefined
  readonly host: string | undefined
  readonly authorization: string | undefined
}

/**
 * Lets only our own pages, and clients that are no browser, change anything: a browser sends its cookie from any page.
 * A browser names the Origin of each request that changes something, and the rules must allow it. A request without an
 * Origin must carry a bearer token, which no page can make a browser send. `auth` has checked both before.
 */
export function checkOrigin(
  { method, origin, host, authorization }: ChangeRequest,
  { origins }: { origins: OriginRules },
): void {
  if (method === 'GET') return
  if (origin !== undefined && !origins.allows(origin, { host })) throw new ConsoleRefused(foreignOrigin)
  if (origin === undefined && !/^bearer /i.test(authorization ?? ''))
    throw new ConsoleRefused('origin_missing')
}
