import { isDeepStrictEqual } from 'node:util'
import type { TestDatabase } from '@omni2/testkit'
import type { MadeTurn } from './make-turn.ts'

export interface RecordedEvent {
  readonly node_id: string
  readonly attempt: number
  readonly ordinal: number
  readonly superseded?: true
}

interface FlowRow {
  readonly user_id: number
  readonly conversation_id: string | null
  readonly source: string
  readonly status: string
  readonly created_at: string
  readonly completed_at: string | null
  readonly flow_data: {
    session_id: string
    user_id: number
    events: RecordedEvent[]
    settled_attempt?: number
  }
}

/** A turn's flow; times as the text of their UTC columns. */
export async function readFlow(database: TestDatabase, turnId: string): Promise<FlowRow | undefined> {
  const rows = await database.query<FlowRow>(
    `select user_id, conversation_id, source, status, flow_data,
       to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at,
       to_char(completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as completed_at
     from omni2.interaction_flows where session_id = $1`,
    [turnId],
  )
  return rows[0]
}

/** How many audit rows and activities a turn has. */
export async function countRecords(database: TestDatabase, turnId: string) {
  const [counts] = await database.query<{ audits: number; activities: number }>(
    `select (select count(*)::int from omni2.audit_logs where session_id = $1) as audits,
       (select count(*)::int from omni2.user_activities where session_id = $1) as activities`,
    [turnId],
  )
  return counts
}

/** The events that a flow of this turn must hold, with superseded attempts marked. */
export const expectedEvents = ({ events, settlement }: MadeTurn) =>
  events.map(({ event }) =>
    event.attempt > 0 && event.attempt !== settlement.attempt ? { ...event, superseded: true } : event,
  )

/** Which of these turns are not recorded completely, in order and once. */
export async function findMisrecorded(database: TestDatabase, turns: readonly MadeTurn[]): Promise<object[]> {
  const wrong: object[] = []
  for (const turn of turns) {
    const flow = await readFlow(database, turn.turnId)
    const found = {
      status: flow?.status,
      events: flow?.flow_data.events,
      ...(await countRecords(database, turn.turnId)),
    }
    const { status, activities } = turn.settlement
    const wanted = { status, events: expectedEvents(turn), audits: 1, activities: activities.length }
    if (!isDeepStrictEqual(found, wanted)) wrong.push({ found, wanted })
  }
  return wrong
}
