import { identityHeaders } from '@omni2/contracts'
import type { User } from '../proof/check-login.ts'
import { encodeHeaderValue } from './encode-header-value.ts'

/** Writes the headers that a gateway copies onto the request; only the assertion proves anything. */
export function nameIdentity(user: User, assertion: string): Record<string, string> {
  return {
    [identityHeaders.userId]: String(user.id),
    [identityHeaders.username]: encodeHeaderValue(user.username),
    [identityHeaders.role]: encodeHeaderValue(user.role),
    [identityHeaders.assertion]: assertion,
  }
}
