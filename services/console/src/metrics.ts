import { busMetrics } from '@omni2/bus'
import { poolMetrics } from '@omni2/db'
import { declareMetrics, type Metrics } from '@omni2/telemetry'
import { changeActions } from './change-actions.ts'
import { refusalCodes } from './refusal-codes.ts'

/** What operations are about: the first word of their paths, `chat` for all of users; `none` for the documents, the system, and where there is no operation. */
export const operationGroups = [
  'users',
  'limits',
  'prices',
  'usage',
  'roles',
  'welcomes',
  'system-prompts',
  'mcp-servers',
  'turns',
  'dead-letters',
  'changes',
  'chat',
  'none',
] as const

export const statusClasses = ['2xx', '4xx', '5xx'] as const

export const consoleMetrics = declareMetrics({
  ...busMetrics,
  ...poolMetrics,
  requests: {
    type: 'counter',
    name: 'omni2_console_requests_total',
    help: 'Answers of the Admin API and that of the pages by what they are about, and class of status; chat: the API of the pages; none: a document, or there is nothing at the path',
    labels: {
      group: operationGroups,
      method: ['get', 'put', 'post', 'patch', 'delete', 'other'],
      status: statusClasses,
    },
  },
  requestSeconds: {
    type: 'histogram',
    name: 'omni2_console_request_seconds',
    help: 'Duration of a request, refused or not; live feeds are not among them',
    labels: { group: operationGroups },
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  refusals: {
    type: 'counter',
    name: 'omni2_console_refusals_total',
    help: 'Requests that were refused or failed, by the code of the answer; too_many_requests is the rate of an operator',
    labels: { reason: refusalCodes },
  },
  changes: {
    type: 'counter',
    name: 'omni2_console_changes_total',
    help: 'Changes that are committed and audited, by action',
    labels: { action: changeActions },
  },
  announcementFailures: {
    type: 'counter',
    name: 'omni2_console_announcement_failures_total',
    help: 'Changes that edges and workers may have received not at all or only in part; they find them at their next check',
  },
  liveFeeds: {
    type: 'gauge',
    name: 'omni2_console_live_feeds',
    help: 'Live feeds of monitored users that are open; at CONSOLE_LIVE_FEEDS one more is refused',
  },
})

export type ConsoleMetrics = Metrics<typeof consoleMetrics>
