import { identityHeaders } from '@omni2/contracts'
import { IdentityRefused } from './identity-refused.ts'

const known: ReadonlySet<string> = new Set(Object.values(identityHeaders))

/**
 * Refuses a request that says twice who it is from, or says it under a name that some server in between may take for
 * the real one (`X_User_Id`, `x.user.id`): a gateway strips only what it recognises. Takes Node's rawHeaders.
 */
export function checkIdentityHeaders(rawHeaders: readonly string[]): void {
  const seen = new Set<string>()
  for (const header of rawHeaders.filter((_, index) => index % 2 === 0)) {
    const name = header.toLowerCase()
    const meant = name.replaceAll(/[^a-z0-9]+/g, '-')
    if (!known.has(meant)) continue
    if (name !== meant || seen.has(name)) throw new IdentityRefused('identity_headers')
    seen.add(name)
  }
}
