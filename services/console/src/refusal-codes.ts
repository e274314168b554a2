import type { HttpCodeName } from '@omni2/contracts'
import { identityRefusals, type IdentityRefusal } from '@omni2/identity'
import { consoleRefusals, type ConsoleRefusal } from './console-refused.ts'

/** Codes of requests that never reach an operation, or fail in one. */
const otherCodes = [
  'body_too_large',
  'unsupported_media_type',
  'invalid_json',
  'internal',
] as const satisfies readonly HttpCodeName[]

export type RefusalCode = ConsoleRefusal | IdentityRefusal | (typeof otherCodes)[number]

/** Every `code` of an answer that is no success. */
export const refusalCodes: readonly RefusalCode[] = [
  ...(Object.keys(consoleRefusals) as ConsoleRefusal[]),
  ...(Object.keys(identityRefusals) as IdentityRefusal[]),
  ...otherCodes,
]
