import { createHash, randomBytes } from 'node:crypto'

const prefixes = { refresh: 'omni2_rt_', ticket: 'omni2_wt_', invitation: 'omni2_it_' } as const

export type OpaqueTokenKind = keyof typeof prefixes

/** Makes 256 random bits with a prefix by which people and secret scanners know what they have found. */
export const makeOpaqueToken = (kind: OpaqueTokenKind): string =>
  prefixes[kind] + randomBytes(32).toString('base64url')

/** Whether the prefix of a token names this kind; it proves nothing. */
export const isOpaqueToken = (token: string, kind: OpaqueTokenKind): boolean =>
  token.startsWith(prefixes[kind])

/** SHA-256, which is all that is stored; a token that cannot be guessed needs no salt. */
export const hashOpaqueToken = (token: string): Buffer => createHash('sha256').update(token).digest()
