import { expect, test } from 'vitest'
import {
  flowMessageSchema,
  listEvents,
  makeConversationId,
  type FlowMessage,
  type TurnMessage,
} from '@omni2/contracts'
import { FlowLog, flowOwnerOf } from './flow-log.ts'
import { passed } from './step.ts'

const turn: TurnMessage = {
  session_id: makeConversationId(),
  conversation_id: null,
  identity: { user_id: 7, username: 'ada', role: 'admin', sid: 'login', session_exp: 4_000_000_000 },
  source: 'ws',
  client_msg_id: null,
  text: 'hello',
  replaces: null,
  accepted_at: new Date().toISOString(),
}

/** A log whose messages are kept: what is stored, and what each watcher is shown. */
function openLog(monitoredUntil: Date | null = null) {
  const stored: FlowMessage[] = []
  const shown: [string, unknown][] = []
  const bus = {
    publish: (subject: string, payload: Uint8Array | string) =>
      void shown.push([subject, JSON.parse(String(payload))]),
    publishDurably: async (_subject: string, payload: Uint8Array | string) => {
      stored.push(flowMessageSchema.parse(JSON.parse(String(payload))))
      return { duplicate: false, seq: 1 }
    },
  }
  const log = new FlowLog(flowOwnerOf(turn), 1, bus, { monitoredUntil })
  return { log, stored, shown }
}

const listStored = (stored: readonly FlowMessage[]) =>
  stored.map((message) => listEvents(message).map(({ node_id, event_type }) => `${node_id} ${event_type}`))

/** Records one event, for a user who is monitored until then. */
async function recordOne(monitoredUntil: Date | null) {
  const { log, stored, shown } = openLog(monitoredUntil)
  log.record('auth_check', passed({ active: true }))
  await log.stored()
  return { stored: stored.flatMap(listEvents), shown }
}

test('events of a monitored user are shown as they are stored, those of others are only stored', async () => {
  const watched = await recordOne(new Date(Date.now() + 60_000))
  expect(watched.shown).toMatchObject([['flow.live.7', { kind: 'event', event: watched.stored[0] }]])
  expect(await recordOne(null)).toMatchObject({ stored: [expect.anything()], shown: [] })
  expect(await recordOne(new Date(Date.now() - 1))).toMatchObject({ stored: [expect.anything()], shown: [] })
})

test('the events until the model is asked - are one message, sent at once', () => {
  const { log, stored } = openLog()
  for (const step of ['auth_check', 'block_check', 'llm_thinking', 'llm_complete'] as const)
    log.record(step, passed({}))
  expect(listStored(stored)).toEqual([['1.1 auth_check', '1.2 block_check', '1.3 llm_thinking']])
})

test('an event that no other follows - is sent by itself, soon or when the log is closed', async () => {
  const waiting = openLog()
  waiting.log.record('auth_check', passed({}))
  await expect.poll(() => listStored(waiting.stored)).toEqual([['1.1 auth_check']])
  const closed = openLog()
  closed.log.record('auth_check', passed({}))
  closed.log[Symbol.dispose]()
  expect(listStored(closed.stored)).toEqual([['1.1 auth_check']])
})

test('large events - do not share a message', async () => {
  const { log, stored } = openLog()
  const input = 'x'.repeat(20_000)
  for (let call = 0; call < 3; call += 1) log.recordBelow('1.0', 'tool_call', passed({ input }))
  await log.stored()
  expect(listStored(stored)).toEqual([['1.1 tool_call'], ['1.2 tool_call'], ['1.3 tool_call']])
})
