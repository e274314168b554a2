import { ConsoleRefused } from './console-refused.ts'

interface ChangeRequest {
  readonly method: string
  readonly origin: string | undefined
  readonly authorization: string | undefined
}

/**
 * Lets only a page of ours, or nobody's page, change anything: a browser sends its cookie from any page. It names the
 * Origin of every request that changes something, and that must be on the list, letter by letter. Without one the
 * request must carry a token of its own, which no page can make a browser send. `auth` has checked both before.
 */
export function checkOrigin(
  { method, origin, authorization }: ChangeRequest,
  { allowed }: { allowed: readonly string[] },
): void {
  if (method === 'GET') return
  if (origin !== undefined && !allowed.includes(origin)) throw new ConsoleRefused('foreign_origin')
  if (origin === undefined && !/^bearer /i.test(authorization ?? ''))
    throw new ConsoleRefused('origin_missing')
}
