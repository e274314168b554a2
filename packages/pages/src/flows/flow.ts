import type { ApiAnswers } from '../session/api-answers.ts'
import type { ItemOf } from '../session/item-of.ts'

/** A turn in the flow history. Times ISO 8601, cost in USD. */
export type Flow = ItemOf<'listFlows'>

export type FlowStatus = Flow['status']

export const flowStatuses = [
  'queued',
  'running',
  'done',
  'error',
  'cancelled',
  'interrupted',
  'refused',
  'blocked',
] as const satisfies readonly FlowStatus[]

/** A conversation with the turns of it that match. */
export type FlowGroup = ItemOf<'listFlowGroups'>

export type FlowStatistics = ApiAnswers['readFlowStatistics']
export type FlowBucket = FlowStatistics['buckets'][number]

/** One turn with its checkpoints. */
export type FlowDetails = ApiAnswers['getFlow']
/** A checkpoint of a turn; attempt 0 is the edge's. */
export type FlowEvent = FlowDetails['events'][number]

/** Whether a turn ended without a whole answer, and how its status looks. */
export function toneOf(status: FlowStatus): 'ok' | 'error' | 'warn' | 'live' {
  if (status === 'done') return 'ok'
  if (status === 'cancelled') return 'warn'
  return status === 'queued' || status === 'running' ? 'live' : 'error'
}

/** A field of an event as text; what is no text is not shown. */
export const textOf = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : otherwise
