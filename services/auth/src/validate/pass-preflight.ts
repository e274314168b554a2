import { foreignOrigin } from '@omni2/contracts'
import type { OriginRules } from '@omni2/service-kit'
import { OriginRefused } from '../origin-refused.ts'
import type { ProvingRequest } from '../proof/read-forwarded-request.ts'

/**
 * Whether a request is a browser's question if a page may send another one. It comes without proof, so it passes in
 * no user's name, from allowed origins only; throws OriginRefused.
 */
export function passPreflight(
  { method, origin, entry }: Pick<ProvingRequest, 'method' | 'origin' | 'entry'>,
  { origins }: { readonly origins: OriginRules },
): boolean {
  if (method !== 'OPTIONS' || origin === undefined) return false
  if (!origins.allows(origin, entry)) throw new OriginRefused(foreignOrigin)
  return true
}
