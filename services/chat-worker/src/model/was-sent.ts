import { APIError } from '@anthropic-ai/sdk'
import { causesOf } from '../failures/causes-of.ts'
import { isConnectFailure } from '../failures/is-connect-failure.ts'
import { ModelCircuitOpenError } from './model-circuit.ts'

/**
 * Whether a call that failed before its first event may have been worked on, and so be billed: not where it was never
 * sent, nor where the API refused it with an HTTP error.
 */
export const wasSent = (error: unknown): boolean =>
  !(error instanceof ModelCircuitOpenError) &&
  !(error instanceof APIError && error.status !== undefined) &&
  ![...causesOf(error)].some(isConnectFailure)
