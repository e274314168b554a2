import { expect, test } from 'vitest'
import type { Frame, StormRecord } from '../record.ts'
import { checkRecord } from './check-record.ts'

const session_id = '22222222-2222-4222-8222-222222222222'

const turnFrame = (type: string, attempt: number, seq: number, fields: object = {}): Frame => ({
  type,
  session_id,
  attempt,
  from: seq,
  seq,
  ...fields,
})

const frames: Frame[] = [
  { type: 'welcome', conversation_id: 'c' },
  { type: 'accepted', session_id, attempt: 0, from: 0, seq: 0 },
  turnFrame('started', 1, 1),
  turnFrame('token', 1, 2, { text: 'Hel' }),
  turnFrame('restart', 2, 1),
  turnFrame('started', 2, 2),
  turnFrame('token', 2, 3, { text: 'Hello' }),
  turnFrame('done', 2, 4, { result: { answer: 'Hello' } }),
]

/** A storm of one turn, whose first worker died. */
function makeRecord(change: (record: Mutable) => void = () => {}): StormRecord {
  const record: Mutable = {
    seed: 1,
    faults: [],
    connections: [
      { client: 'a', user_id: 1, kind: 'ws', frames: frames.map((frame, at) => ({ at, frame })) },
    ],
    asked: [{ client: 'a', user_id: 1, session_id, text: 'Hi', accepted: true, ended: true }],
    turns: [
      {
        session_id,
        user_id: 1,
        status: 'done',
        attempt: 2,
        answer: 'Hello',
        ended: true,
        audit_rows: 1,
        reservations: 0,
        flow_status: 'done',
        flow_events: [
          { event_type: 'accepted', attempt: 0, ordinal: 0 },
          { event_type: 'llm_complete', attempt: 2, ordinal: 7 },
        ],
      },
    ],
    queue: { messages: 0, waiting: 0, unacknowledged: 0 },
    deadLetters: 0,
    modelTexts: ['Hello'],
    before: [{ name: 'ws-edge-1', pid: 7, residentBytes: 1e8, descriptors: 30 }],
    after: [{ name: 'ws-edge-1', pid: 7, residentBytes: 1e8, descriptors: 30 }],
    exits: [{ name: 'ws-edge-1', code: 'exit code 0' }],
    leaks: [],
  }
  change(record)
  return record
}

type Mutable = { -readonly [K in keyof StormRecord]: StormRecord[K] }

const withTurn = (fields: object) => (record: Mutable) => {
  record.turns = record.turns.map((turn) => ({ ...turn, ...fields }))
}
const withAsked = (fields: object) => (record: Mutable) => {
  record.asked = record.asked.map((turn) => ({ ...turn, ...fields }))
}
const withFrames = (change: (frames: Frame[]) => Frame[]) => (record: Mutable) => {
  record.connections = record.connections.map((connection) => ({
    ...connection,
    frames: change(connection.frames.map(({ frame }) => frame)).map((frame, at) => ({ at, frame })),
  }))
}
const changeFrame = (index: number, fields: object) =>
  withFrames((all) => all.map((frame, at) => (at === index ? { ...frame, ...fields } : frame)))

test('a storm that kept every promise has no violation', () => {
  expect(checkRecord(makeRecord())).toEqual([])
})

test.each([
  ['lost', (record: Mutable) => void (record.turns = [])],
  ['unended', withTurn({ ended: false, status: 'running' })],
  ['unended', withAsked({ ended: false })],
  ['two ends', withFrames((all) => [...all, ...all.slice(-1)])],
  ['billed once', withTurn({ audit_rows: 2 })],
  ['billed once', withTurn({ audit_rows: 0 })],
  ['settled', withTurn({ reservations: 1 })],
  ['recorded', withTurn({ flow_status: null })],
  [
    'recorded',
    withTurn({ flow_events: [1, 0].map((ordinal) => ({ event_type: 'x', attempt: 1, ordinal })) }),
  ],
  ['text shown', changeFrame(6, { text: 'Help' })],
  ['text stored', withTurn({ answer: 'Hello!' })],
  ['text sent', (record: Mutable) => void (record.modelTexts = ['Help'])],
  ['order', withFrames((all) => all.filter((_, index) => index !== 5))],
  ['order', changeFrame(6, { attempt: 1, from: 3, seq: 3 })],
  ['privacy', withTurn({ user_id: 2 })],
  ['rest', (record: Mutable) => void (record.queue = { messages: 1, waiting: 0, unacknowledged: 0 })],
  ['rest', (record: Mutable) => void (record.deadLetters = 1)],
  [
    'back to rest',
    (record: Mutable) => void (record.after = record.after.map((use) => ({ ...use, descriptors: 500 }))),
  ],
  [
    'back to rest',
    (record: Mutable) => void (record.after = record.after.map((use) => ({ ...use, residentBytes: 1e9 }))),
  ],
  ['clean exit', (record: Mutable) => void (record.exits = [{ name: 'ws-edge-1', code: 'exit code 1' }])],
  ['secrets', (record: Mutable) => void (record.leaks = ['logs/auth-1.log'])],
])('%s - is found where it is broken (case %#)', (invariant, change) => {
  expect(checkRecord(makeRecord(change)).map((violation) => violation.invariant)).toContain(invariant)
})
