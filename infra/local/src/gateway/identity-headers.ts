import type { IncomingHttpHeaders } from 'node:http'
import { identityHeaders } from '@omni2/contracts'

const names: readonly string[] = Object.values(identityHeaders)

/** A header that a server behind the gateway could take for an identity header: `X_User_Id`, `x-user.id`. */
export function findIdentityAlias(headers: IncomingHttpHeaders): string | undefined {
  return Object.keys(headers).find(
    (name) => !names.includes(name) && names.includes(name.replaceAll(/[._]/g, '-')),
  )
}

/** Removes the identity headers of a client. */
export function stripIdentity(headers: IncomingHttpHeaders): void {
  for (const name of names) delete headers[name]
}

/** The identity headers of auth's answer. */
export function readIdentity(headers: IncomingHttpHeaders): Record<string, string> {
  const pairs = names.map((name) => [name, headers[name]] as const)
  return Object.fromEntries(
    pairs.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string'),
  )
}

/** Sets the identity headers of auth's answer. */
export function setIdentity(headers: IncomingHttpHeaders, identity: Readonly<Record<string, string>>): void {
  Object.assign(headers, identity)
}
