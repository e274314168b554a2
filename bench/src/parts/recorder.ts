import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus } from '@omni2/bus'
import {
  flowSubjectOf,
  listEvents,
  makeConversationId,
  makeFlowMessageId,
  makeNodeId,
  makeTurnId,
  stepNames,
  type EventType,
  type FlowMessage,
} from '@omni2/contracts'
import { sql } from 'kysely'
import { microseconds } from '../measure/clock.ts'
import { readCpu, subtractCpu } from '../measure/read-cpu.ts'
import { openBusAs } from '../systems/open-bus.ts'
import type { Ours } from '../systems/open-ours.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { Part } from './part.ts'

/** What a turn without tools records before its reply. */
const checks = stepNames.slice(0, stepNames.indexOf('llm_thinking') + 1)
/** `accepted`, the checks and `llm_complete`. */
const eventsOfTurn = checks.length + 2
const rowsOfInsert = 500

/** How fast a backlog of events is recorded, beside a bare insert of the same rows. */
export const recorder: Part = {
  summary: 'events a second that one recorder writes, beside a bare multi-row insert of the same rows',
  minutes: 3,
  async measure({ quick, rounds = quick ? 1 : 3, folder, say, add }) {
    const turns = quick ? 2000 : 5000
    await using systems = await openSystems({ folder, say }, [])
    const { ours } = systems
    await using edge = await openBusAs('ws-edge', ours)
    await using worker = await openBusAs('chat-worker', ours)
    for (let round = 0; round <= rounds; round += 1) {
      const rows = turns * eventsOfTurn
      const setting = `${turns} turns, ${rows} events`
      say(`${setting}: ${round === 0 ? 'warm-up' : `round ${round}`}`)
      const { seconds, cpu } = await drainBacklog(turns, ours, { edge, worker })
      const bare = await insertBare(rows, ours)
      if (round === 0) continue
      add({ setting, system: 'ours', metric: 'events', unit: 'a second', value: rows / seconds })
      for (const name of ['flow-recorder-1', 'postgres', 'nats-server'])
        add({
          setting,
          system: 'ours',
          metric: `CPU of 1,000 events, ${name}`,
          unit: 's',
          value: ((cpu.byProcess[name] ?? 0) * 1000) / rows,
        })
      add({ setting, system: 'bare insert', metric: 'events', unit: 'a second', value: rows / bare })
    }
  },
}

/** What the recorder takes for what came while it stood still. */
async function drainBacklog(
  turns: number,
  { stack, roots }: Ours,
  { edge, worker }: { edge: Bus; worker: Bus },
): Promise<{ seconds: number; cpu: ReturnType<typeof subtractCpu> }> {
  const pid = (await stack.findPid('flow-recorder-1')) ?? 0
  process.kill(pid, 'SIGSTOP')
  const manager = await worker.openManager()
  const messages = Array.from({ length: turns }, makeTurn).flat()
  await Promise.all(
    messages.map((message) => {
      const bus = flowSubjectOf(message).startsWith('flow.accepted.') ? edge : worker
      return bus.publishDurably(flowSubjectOf(message), JSON.stringify(message), {
        id: makeFlowMessageId(message),
      })
    }),
  )
  const before = await readCpu(roots)
  const from = microseconds()
  process.kill(pid, 'SIGCONT')
  for (;;) {
    const { state } = await manager.streams.info('FLOW_EVENTS')
    // A recorded message leaves the stream.
    const seconds = (microseconds() - from) / 1_000_000
    if (state.messages === 0) return { seconds, cpu: subtractCpu(await readCpu(roots), before) }
    await sleep(20)
  }
}

/** Seconds that one connection takes for as many rows, in as large transactions, with the same indexes. */
async function insertBare(rows: number, { database: { db } }: Ours): Promise<number> {
  await sql`drop table if exists omni2.bench_events`.execute(db)
  await sql`create table omni2.bench_events (like omni2.flow_events including all)`.execute(db)
  const from = microseconds()
  for (let at = 0; at < rows; at += rowsOfInsert) {
    const turns = Array.from({ length: Math.ceil(rowsOfInsert / eventsOfTurn) }, makeTurn)
    const events = turns.flat().flatMap(listRows).slice(0, rowsOfInsert)
    await sql`
      insert into omni2.bench_events (session_id, user_id, conversation_id, source, attempt, ordinal, node_id, parent_id,
        event_type, outcome, occurred_at, data)
      select session_id, user_id, conversation_id, source, attempt, ordinal, node_id, parent_id, event_type, outcome,
        "timestamp", data
      from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as event
        (session_id uuid, user_id integer, conversation_id uuid, source text, attempt integer, ordinal integer,
         node_id text, parent_id text, event_type text, outcome text, "timestamp" timestamptz, data jsonb)
    `.execute(db)
  }
  return (microseconds() - from) / 1_000_000
}

function listRows(message: FlowMessage): object[] {
  const { session_id, user_id, conversation_id, source } = message
  return listEvents(message).map((event) =>
    Object.assign({ session_id, user_id, conversation_id, source }, event),
  )
}

/** What edge and worker send about one turn. */
function makeTurn(): FlowMessage[] {
  const userId = 1
  const conversationId = makeConversationId()
  const owner = {
    session_id: makeTurnId({ userId, conversationId }),
    user_id: userId,
    conversation_id: conversationId,
    source: 'ws',
  } as const
  const now = new Date().toISOString()
  const makeEvent = (event_type: EventType, attempt: number, ordinal: number) => ({
    node_id: makeNodeId(attempt, ordinal),
    parent_id: attempt === 0 ? null : makeNodeId(attempt, ordinal - 1),
    event_type,
    timestamp: now,
    attempt,
    ordinal,
    outcome: 'passed' as const,
    data: { active: true, role: 'developer', limits: [{ kind: 'requests', used: 3, limit: 100 }] },
  })
  return [
    { kind: 'event', ...owner, event: makeEvent('accepted', 0, 0) },
    { kind: 'events', ...owner, events: checks.map((type, index) => makeEvent(type, 1, index + 1)) },
    { kind: 'events', ...owner, events: [makeEvent('llm_complete', 1, checks.length + 1)] },
    {
      kind: 'settlement',
      ...owner,
      attempt: 1,
      status: 'done',
      accepted_at: now,
      ended_at: now,
      question: 'What is new?',
      error: null,
      result: null,
      activities: [],
    },
  ]
}
