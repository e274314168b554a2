import { expect, test } from 'vitest'
import { makeConversationId, type TurnMessage } from '@omni2/contracts'
import { FlowLog } from './flow-log.ts'
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

/** Records one event; returns the stored event, and what each watcher received. */
async function record(monitoredUntil: Date | null) {
  const stored: string[] = []
  const shown: [string, string][] = []
  const bus = {
    publish: (subject: string, payload: Uint8Array | string) => void shown.push([subject, String(payload)]),
    publishDurably: async (_subject: string, payload: Uint8Array | string) => {
      stored.push(String(payload))
      return { duplicate: false, seq: 1 }
    },
  }
  const log = new FlowLog(turn, 1, bus, monitoredUntil)
  log.record('auth_check', passed({ active: true }))
  await log.stored()
  return { stored, shown }
}

test('events of a monitored user are shown as they are stored, those of others are only stored', async () => {
  const watched = await record(new Date(Date.now() + 60_000))
  expect(watched.stored).toHaveLength(1)
  expect(watched.shown).toEqual([['flow.live.7', watched.stored[0]]])
  expect(await record(null)).toMatchObject({ stored: [expect.any(String)], shown: [] })
  expect(await record(new Date(Date.now() - 1))).toMatchObject({ stored: [expect.any(String)], shown: [] })
})
