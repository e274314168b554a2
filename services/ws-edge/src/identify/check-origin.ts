import { foreignOrigin } from '@omni2/contracts'
import type { OriginRules } from '@omni2/service-kit'
import { UpgradeRefused } from '../upgrade-refused.ts'

/** Refuses pages of foreign origins: a browser sends its cookie from any page. No Origin is no browser. */
export function checkOrigin(
  { origin, host }: { origin?: string | undefined; host?: string | undefined },
  { origins }: { origins: OriginRules },
): void {
  if (origin !== undefined && !origins.allows(origin, { host })) throw new UpgradeRefused(foreignOrigin)
}
