import { UpgradeRefused } from './upgrade-refused.ts'

/**
 * Refuses pages of foreign origins: a browser sends its cookie from any page. Without a list, a page may connect to its
 * own host only. No Origin is no browser.
 */
export function checkOrigin(
  { origin, host }: { origin?: string | undefined; host?: string | undefined },
  { allowed }: { allowed: readonly string[] },
): void {
  if (origin === undefined) return
  const isAllowed = allowed.length > 0 ? allowed.includes(origin) : hostOf(origin) === host?.toLowerCase()
  if (!isAllowed) throw new UpgradeRefused('foreign_origin')
}

/** Undefined for what is no URL, such as the `null` of sandboxed pages; never equal to a Host header then. */
function hostOf(origin: string): string {
  return (URL.parse(origin)?.host ?? '') || 'nowhere.invalid'
}
