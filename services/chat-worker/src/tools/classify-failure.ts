import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client'
import { BrokenCircuitError } from 'cockatiel'
import { causesOf } from '../causes-of.ts'
import { isConnectFailure } from '../is-connect-failure.ts'
import { AddressRefusedError } from './address-guard.ts'
import { ResponseTooLargeError } from './cap-response.ts'
import { streamEndedCode } from './follow-streams.ts'
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
  /** Nothing that the server could act upon was sent. */
  | { kind: 'unsent'; reason: string; mayPass: boolean }
  /** The server may have acted, but its answer did not arrive or cannot be used. */
  | { kind: 'broken'; reason: string }

/** Says what an error of the MCP client, its transport or its guards means. */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof ConnectFailedError) return classifyConnect(error)
  const [failure] = [...causesOf(error)].flatMap((cause) => classifyCause(cause) ?? [])
  return failure ?? { kind: 'broken', reason: 'its answer did not arrive or cannot be read' }
}

/** A failure in words for people and models; what a server said itself is not among them. */
export function describeFailure(failure: Failure): string {
  if (failure.kind === 'timeout') return 'it did not answer in time'
  return failure.kind === 'answered' ? 'it answered with an error' : failure.reason
}

/** Whether a request may be sent again: always where nothing was sent, else where doing it twice does no harm. */
export function isWorthRetrying(error: unknown, repeatable: boolean): boolean {
  if (isOurs(error)) return false
  const failure = classifyFailure(error)
  return failure.kind === 'unsent' ? failure.mayPass : failure.kind === 'broken' && repeatable
}

/** Whether a failure speaks against the server; its own error answers do not. */
export const isServersFault = (error: unknown): boolean =>
  !isOurs(error) && classifyFailure(error).kind !== 'answered'

/** Whether a failure says nothing about the server: we had it ourselves. */
export const isOurs = (error: unknown): boolean =>
  error instanceof ToolRefusedError ||
  error instanceof PermissionUnknownError ||
  error instanceof CallCancelledError ||
  error instanceof ServerUnusableError

/** Whatever stopped a connection, no request was sent over it. */
function classifyConnect({ cause }: ConnectFailedError): Failure {
  const failure = classifyFailure(cause)
  if (failure.kind === 'unsent') return failure
  return { ...unsent(describeFailure(failure)), mayPass: failure.kind === 'broken' }
}

function classifyCause(cause: Error): Failure | undefined {
  if (cause instanceof BrokenCircuitError) return unsent('it failed too often and is left alone for a while')
  if (cause instanceof ServerUnusableError) return unsent(cause.message)
  if (cause instanceof AddressRefusedError) return unsent('its address is not permitted')
  if (cause instanceof ResponseTooLargeError) return { kind: 'broken', reason: 'its answer is too large' }
  if (cause instanceof ListingTooLongError) return { kind: 'broken', reason: 'its list does not end' }
  if (cause instanceof ProtocolError) return classifyAnswer(cause)
  if (cause instanceof SessionLostError) return { ...unsent('it does not know our session'), mayPass: true }
  if (cause instanceof SdkHttpError) return classifyStatus(cause.status)
  if (cause instanceof SdkError && cause.code === SdkErrorCode.RequestTimeout) return { kind: 'timeout' }
  if (isConnectFailure(cause)) return { ...unsent('it cannot be reached'), mayPass: true }
  return undefined
}

const classifyAnswer = ({ code, message }: ProtocolError): Failure =>
  code === streamEndedCode
    ? { kind: 'broken', reason: 'it broke off before it answered' }
    : { kind: 'answered', text: message }

function classifyStatus(status: number): Failure {
  if (status === 401 || status === 403) return unsent('it refuses our credentials')
  if (status >= 300 && status < 400) return unsent('it redirects to another place')
  return { kind: 'broken', reason: 'it answered with an HTTP error' }
}

const unsent = (reason: string) => ({ kind: 'unsent', reason, mayPass: false }) as const
