import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client'
import { BrokenCircuitError } from 'cockatiel'
import { causesOf } from '../failures/causes-of.ts'
import { isConnectFailure } from '../failures/is-connect-failure.ts'
import { AddressRefusedError } from './address-guard.ts'
import { ResponseTooLargeError } from './cap-response.ts'
import { streamEndedCode } from './follow-streams.ts'
import { tooLargeCode, unreadableCode } from './wire/inbox.ts'
import {
  CallCancelledError,
  ConnectFailedError,
  ListingTooLongError,
  PermissionUnknownError,
  ServerUnusableError,
  SessionLostError,
  ToolRefusedError,
} from './tool-errors.ts'

/** Why a request to an MCP server failed; reasons are fixed phrases. */
export type Failure =
  /** The server answered with an error, in its own words. */
  | { kind: 'answered'; text: string }
  | { kind: 'timeout' }
  /** The server received nothing that it could execute. */
  | { kind: 'unsent'; reason: string; mayPass: boolean }
  /** The server answered and may have acted, but its answer cannot be used. */
  | { kind: 'unreadable'; reason: string }
  /** The server may have acted, but its answer did not arrive. */
  | { kind: 'broken'; reason: string }

/** Classifies an error of the MCP client, its transport or its guards. */
export function classifyToolFailure(error: unknown): Failure {
  if (error instanceof ConnectFailedError) return classifyConnect(error)
  const [failure] = [...causesOf(error)].flatMap((cause) => classifyCause(cause) ?? [])
  return failure ?? { kind: 'broken', reason: 'its answer did not arrive' }
}

/** A failure as text for people and models, without the text of the server. */
export function describeFailure(failure: Failure): string {
  if (failure.kind === 'timeout') return 'it did not answer in time'
  return failure.kind === 'answered' ? 'it answered with an error' : failure.reason
}

/** Whether a request may be sent again: always if nothing was sent, otherwise only if a repetition does no harm. */
export function isWorthRetrying(error: unknown, repeatable: boolean): boolean {
  if (isLocalFailure(error)) return false
  const failure = classifyToolFailure(error)
  return failure.kind === 'unsent' ? failure.mayPass : failure.kind === 'broken' && repeatable
}

/** Whether a failure counts against the server. An answer of the server does not. */
export const isServersFault = (error: unknown): boolean => !isLocalFailure(error) && !isAnswer(error)

/** Whether the server answered, in words of its own or such that cannot be read. */
export const isAnswer = (error: unknown): boolean =>
  ['answered', 'unreadable'].includes(classifyToolFailure(error).kind)

/** Whether a failure shows nothing about the server, because it happened here. */
export const isLocalFailure = (error: unknown): boolean =>
  error instanceof ToolRefusedError ||
  error instanceof PermissionUnknownError ||
  error instanceof CallCancelledError ||
  error instanceof ServerUnusableError

/** Whatever stopped a connection, no request was sent over it. */
function classifyConnect({ cause }: ConnectFailedError): Failure {
  const failure = classifyToolFailure(cause)
  if (failure.kind === 'unsent') return failure
  return { ...unsent(describeFailure(failure)), mayPass: failure.kind === 'broken' }
}

function classifyCause(cause: Error): Failure | undefined {
  if (cause instanceof BrokenCircuitError) return unsent('it failed too often and is left alone for a while')
  if (cause instanceof ServerUnusableError) return unsent(cause.message)
  if (cause instanceof AddressRefusedError) return unsent('its address is not permitted')
  if (cause instanceof ResponseTooLargeError) return tooLarge
  if (cause instanceof ListingTooLongError) return { kind: 'unreadable', reason: 'its list is too long' }
  if (cause instanceof ProtocolError) return classifyAnswer(cause)
  if (cause instanceof SessionLostError) return { ...unsent('it does not know our session'), mayPass: true }
  if (cause instanceof SdkHttpError) return classifyStatus(cause.status)
  if (cause instanceof SdkError && cause.code === SdkErrorCode.RequestTimeout) return { kind: 'timeout' }
  if (cause instanceof SdkError && unreadableCodes.has(cause.code)) return unreadable
  if (isConnectFailure(cause)) return { ...unsent('it cannot be reached'), mayPass: true }
  return undefined
}

function classifyAnswer({ code, message }: ProtocolError): Failure {
  if (code === streamEndedCode) return { kind: 'broken', reason: 'it broke off before it answered' }
  if (code === unreadableCode) return unreadable
  return code === tooLargeCode ? tooLarge : { kind: 'answered', text: message }
}

const unreadable = { kind: 'unreadable', reason: 'its answer cannot be read' } as const
const tooLarge = { kind: 'unreadable', reason: 'its answer is too large' } as const

/** What the client says of answers that no version of the protocol knows. */
const unreadableCodes = new Set<SdkErrorCode>([
  SdkErrorCode.InvalidResult,
  SdkErrorCode.UnsupportedResultType,
])

function classifyStatus(status: number): Failure {
  if (status === 401 || status === 403) return unsent('it refuses our credentials')
  if (status >= 300 && status < 400) return unsent('it redirects to another place')
  return { kind: 'broken', reason: 'it answered with an HTTP error' }
}

const unsent = (reason: string) => ({ kind: 'unsent', reason, mayPass: false }) as const
