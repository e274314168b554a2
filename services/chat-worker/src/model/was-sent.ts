import { APIError } from '@anthropic-ai/sdk'
import { causesOf } from '../failures/causes-of.ts'
import { isConnectFailure } from '../failures/is-connect-failure.ts'
import { ModelCircuitOpenError } from './model-circuit.ts'

/**
 * Whether a call that failed before its first event may have been processed, and so billed. False if it was never sent,
 * or if the API refused it with an HTTP error.
 */
export const wasSent = (error: unknown): boolean =>
  !(error instanceof ModelCircuitOpenError) &&
  !(error instanceof APIError && error.status !== undefined) &&
  ![...causesOf(error)].some(isConnectFailure)
