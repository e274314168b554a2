import { busMetrics } from '@omni2/bus'
import { foreignOrigin } from '@omni2/contracts'
import { poolMetrics } from '@omni2/db'
import { ratesMetrics } from '@omni2/rates'
import { declareMetrics, type Metrics } from '@omni2/telemetry'
import { refusalCodes } from './access-refused.ts'

export const operations = ['validate', 'login', 'refresh', 'me', 'logout', 'ticket', 'invitation'] as const

/** How an operation can end: well, refused with a code of access-refused.ts or origin-refused.ts, or otherwise. */
export const results = [
  'ok',
  ...refusalCodes,
  foreignOrigin,
  'origin_missing',
  'throttled_account',
  'throttled_address',
  'invalid_body',
  'unavailable',
  'failed',
] as const

export const authMetrics = declareMetrics({
  ...busMetrics,
  ...poolMetrics,
  ...ratesMetrics,
  requests: {
    type: 'counter',
    name: 'omni2_auth_requests_total',
    help: 'Validations, logins, refreshes, questions whose login it is, logouts, tickets and invitations by how they ended; refresh_token_reused may be a theft',
    labels: { operation: operations, result: results },
  },
  requestSeconds: {
    type: 'histogram',
    name: 'omni2_auth_request_seconds',
    help: 'Duration of an operation, refused or not',
    labels: { operation: operations },
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
  },
  passwordsWaiting: {
    type: 'gauge',
    name: 'omni2_auth_passwords_waiting',
    help: 'Passwords that wait to be compared; at AUTH_PASSWORD_QUEUE, or a quarter of it from one address, logins are answered 503',
  },
  logoutsWaiting: {
    type: 'gauge',
    name: 'omni2_auth_logouts_waiting',
    help: 'Logouts that were not sent to edges and workers yet',
  },
})

export type AuthMetrics = Metrics<typeof authMetrics>
