import {
  type FlowFilter,
  listFlowBuckets,
  listFlowGroups as selectFlowGroups,
  listFlows as selectFlows,
  listTurnEvents,
  loadTurnDetails,
} from '@omni2/db'
import { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import type { Actor } from '../request/admit-request.ts'
import { defineOperation } from '../request/operation.ts'
import { makePlacedPage, ofTurn, pageOf, pageQuery, placeCursor } from '../schemas.ts'
import { turnSchema } from '../turns/turn-schemas.ts'
import { chooseStep, mostSteps } from './choose-step.ts'
import { flowFilter, flowGroupSchema, flowSchema, flowStatisticsSchema } from './flow-schemas.ts'

type Filter = z.output<z.ZodObject<typeof flowFilter>>

export const listFlows = defineOperation({
  id: 'listFlows',
  api: 'chat',
  method: 'GET',
  path: '/flows',
  summary: 'Turns by their acceptance, the newest first: yours, for operators those of all users.',
  query: pageQuery(placeCursor, flowFilter),
  answer: pageOf(flowSchema),
  handle: async ({ query }, { actor, database }) => {
    const { cursor: after, limit, ...filter } = query
    const rows = await selectFlows(ofActor(filter, actor), { after, limit }, database)
    return makePlacedPage(rows, query, ({ session_id }) => session_id)
  },
})

export const listFlowGroups = defineOperation({
  id: 'listFlowGroups',
  api: 'chat',
  method: 'GET',
  path: '/flow-groups',
  summary: 'Conversations with the turns that match, by the last of them, the newest first.',
  query: pageQuery(placeCursor, flowFilter),
  answer: pageOf(flowGroupSchema),
  handle: async ({ query }, { actor, database }) => {
    const { cursor: after, limit, ...filter } = query
    const rows = await selectFlowGroups(ofActor(filter, actor), { after, limit }, database)
    return makePlacedPage(rows, query, ({ last_session_id }) => last_session_id)
  },
})

/** How far back statistics go without `since`, in milliseconds. */
const defaultRangeMs = 24 * 3_600_000

export const readFlowStatistics = defineOperation({
  id: 'readFlowStatistics',
  api: 'chat',
  method: 'GET',
  path: '/flow-statistics',
  summary: 'The turns that match, counted by steps of time; of the last day unless `since` differs.',
  query: z.strictObject(flowFilter),
  answer: flowStatisticsSchema,
  handle: async ({ query }, { actor, database, knownSteps }) => {
    const until = query.until ?? new Date()
    const since = query.since ?? new Date(until.getTime() - defaultRangeMs)
    const stepSeconds = chooseStep(Math.max(0, until.getTime() - since.getTime()))
    const filter = { ...ofActor(query, actor), since, until }
    const buckets = await knownSteps.list({ filter, stepSeconds }, (range) =>
      listFlowBuckets({ ...filter, ...range }, { stepSeconds, most: mostSteps + 2 }, database),
    )
    return { since, until, step_seconds: stepSeconds, buckets }
  },
})

/** Checkpoints of a turn that are shown; ten rounds of tools have some four hundred. */
const mostEvents = 2000

export const getFlow = defineOperation({
  id: 'getFlow',
  api: 'chat',
  method: 'GET',
  path: '/flows/{session_id}',
  summary: 'One turn with its checkpoints: one of yours, for operators any.',
  params: ofTurn,
  answer: turnSchema,
  handle: async ({ params: { session_id } }, { actor, database }) => {
    const turn = await loadTurnDetails(session_id, database)
    if (turn === undefined || !maySee(turn.user_id, actor))
      throw new ConsoleRefused('not_found', { text: 'There is no such turn of yours.' })
    return { ...turn, events: await listTurnEvents(session_id, { limit: mostEvents }, database) }
  },
})

const maySee = (userId: number, actor: Pick<Actor, 'userId' | 'isOperator'>): boolean =>
  actor.isOperator || userId === actor.userId

/** The filter as this user may use it; throws ConsoleRefused for the turns of others. */
export function ofActor(filter: Filter, actor: Pick<Actor, 'userId' | 'isOperator'>): FlowFilter {
  const userId = filter.user_id ?? (actor.isOperator ? undefined : actor.userId)
  if (userId !== undefined && !maySee(userId, actor)) throw new ConsoleRefused('forbidden')
  return {
    userId,
    conversationId: filter.conversation_id,
    source: filter.source,
    status: filter.status,
    model: filter.model,
    tool: filter.tool,
    since: filter.since,
    until: filter.until,
    search: filter.search,
    failed: filter.failed === 'true',
    costFrom: filter.cost_from,
  }
}
