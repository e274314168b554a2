import type { JWTHeaderParameters, JWTPayload } from 'jose'
import { AccessRefused } from '../access-refused.ts'

/** Types an access token may have: ours and most others', and that of RFC 9068. */
const acceptedTypes = new Set(['jwt', 'at+jwt', 'application/at+jwt'])

/** What issuers write into a claim to say that a token is an access token; Keycloak says Bearer. */
const accessPurposes = new Set<unknown>(['access', 'Bearer', 'JWT'])

const refreshPurposes = new Set<unknown>(['refresh', 'Refresh', 'Offline'])

/** Refuses a token that says it is for something else than access: `token_use`, `type` and `typ` are all in use. */
export function refuseOtherPurposes(claims: JWTPayload, header: JWTHeaderParameters): void {
  const said = [claims['token_use'], claims['type'], claims['typ']].filter((purpose) => purpose !== undefined)
  if (said.some((purpose) => refreshPurposes.has(purpose))) throw new AccessRefused('refresh_token')
  // Whatever JSON holds: the header comes from outside.
  const type: unknown = header.typ
  const hasOtherType =
    type !== undefined && !(typeof type === 'string' && acceptedTypes.has(type.toLowerCase()))
  if (hasOtherType || said.some((purpose) => !accessPurposes.has(purpose)))
    throw new AccessRefused('wrong_token_use')
}
