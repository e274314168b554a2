import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { makeConversationId, subjects, type DeadLetter } from '@omni2/contracts'
import { lockTarget, openDatabase } from '@omni2/db'
import { startConsole, users, type Answer, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_CANCEL_TIMEOUT_MS: '4000', CONSOLE_TOOLS_TIMEOUT_MS: '4000' })
  await admin.database.query(
    `insert into omni2.mcp_servers (name, url) values ('files', 'https://a.example')`,
  )
})
afterAll(() => admin[Symbol.asyncDispose]())
afterEach(() =>
  admin.database.query(`
    drop trigger if exists no_outcomes on omni2.admin_changes;
    drop trigger if exists gate on omni2.admin_changes;
    truncate omni2.admin_changes, omni2.turns`),
)

const rows = () =>
  admin.database.query<{ action: string; after: unknown }>(
    'select action, target_id, after from omni2.admin_changes order by id',
  )

/** From now on no outcome can be written, as when the database is away after the act. */
const refuseOutcomes = () =>
  admin.database.query(`
    create or replace function refuse_outcomes() returns trigger language plpgsql
      as $$ begin raise exception 'no outcomes'; end $$;
    create trigger no_outcomes before update on omni2.admin_changes
      for each row execute function refuse_outcomes()`)

async function addTurn(): Promise<string> {
  const id = makeConversationId()
  await admin.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt)
     values ($1, $2, 'ws', 'hello', 'running', 1)`,
    [id, users.vera],
  )
  return id
}

async function park(subject: string, payload: string): Promise<number> {
  const letter: DeadLetter = {
    reason: 'cannot be read',
    subject,
    stream: 'CHAT_TURNS',
    stream_sequence: 1,
    deliveries: 5,
    payload: Buffer.from(payload).toString('base64'),
    parked_at: new Date().toISOString(),
    parked_by: 'chat-worker-1',
  }
  const id = crypto.randomUUID()
  await admin.worker.publishDurably(subjects.dead('CHAT_TURNS'), JSON.stringify(letter), { id })
  return (await admin.call('GET', '/dead-letters')).body.items.at(-1).seq
}

const acts = [
  {
    action: 'turn.cancel',
    subject: subjects.cancel,
    answer: { state: 'requested' },
    begin: async () => `/turns/${await addTurn()}/cancel`,
  },
  {
    action: 'mcp_server.test',
    subject: subjects.tools,
    answer: { tools: ['read_file'], reason: null },
    begin: async () => '/mcp-servers/files/test',
  },
]

/** Has a worker answer; what the audit says while it does is kept. */
async function answerWith(subject: string, answer: () => Promise<unknown>) {
  const seen: unknown[] = []
  const responder = admin.worker.answer({ subject, request: z.unknown(), reply: z.unknown() }, async () => {
    seen.push(await rows())
    return answer()
  })
  await admin.worker.flush()
  return { seen, [Symbol.dispose]: () => responder.unsubscribe() }
}

const unknown = { error: 'outcome_unknown', reason: expect.any(String) }

test.each(acts)('$action - is recorded before it is asked for, then with its outcome', async (act) => {
  using worker = await answerWith(act.subject, async () => act.answer)
  expect((await admin.call('POST', await act.begin())).body.after).toEqual(act.answer)
  expect(worker.seen).toMatchObject([[{ action: act.action, after: unknown }]])
  expect(await rows()).toMatchObject([{ action: act.action, after: act.answer }])
})

test.each(acts)('$action - without an answer in time is recorded with the reason', async (act) => {
  const late = Promise.withResolvers<unknown>()
  using worker = await answerWith(act.subject, () => late.promise)
  const answer = await admin.call('POST', await act.begin())
  late.resolve(act.answer)
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  // A cancel that is not answered is asked of another worker, too; it is one act.
  expect(new Set(worker.seen.map((seen) => JSON.stringify(seen))).size).toBe(1)
  const reason = `no answer on ${act.subject} in time`
  expect(await rows()).toMatchObject([{ action: act.action, after: { error: 'unavailable', reason } }])
})

test.each(acts)('$action - whose outcome cannot be written keeps its row', async (act) => {
  using worker = await answerWith(act.subject, async () => act.answer)
  const path = await act.begin()
  await refuseOutcomes()
  expect((await admin.call('POST', path)).status).toBe(500)
  expect(worker.seen).toHaveLength(1)
  expect(await rows()).toMatchObject([{ action: act.action, after: unknown }])
})

test('a turn that the worker does not know is recorded as not found', async () => {
  using _worker = await answerWith(subjects.cancel, async () => ({ state: 'unknown' }))
  expect((await admin.call('POST', `/turns/${await addTurn()}/cancel`)).status).toBe(404)
  expect(await rows()).toMatchObject([{ action: 'turn.cancel', after: { error: 'not_found' } }])
})

test.each([
  ['dead_letter.replay', 'POST', '/replay'],
  ['dead_letter.delete', 'DELETE', ''],
])('%s - whose outcome cannot be written keeps its row', async (action, method, ending) => {
  const seq = await park('chat.turns', 'one')
  await refuseOutcomes()
  expect((await admin.call(method, `/dead-letters/${seq}${ending}`)).status).toBe(500)
  expect(await rows()).toMatchObject([{ action, target_id: String(seq), after: unknown }])
  expect((await admin.call('GET', `/dead-letters/${seq}`)).status).toBe(404)
})

/** Makes requests at once that all get as far as their audit row before any of them goes on. */
async function together(requests: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  await admin.database.query(`
    create or replace function wait_for_others() returns trigger language plpgsql
      as $$ begin perform pg_advisory_xact_lock_shared(hashtextextended('admin:gate', 0)); return new; end $$;
    create or replace trigger gate before insert on omni2.admin_changes
      for each row execute function wait_for_others()`)
  await using gate = openDatabase({
    url: admin.database.url,
    poolMax: 1,
    applicationName: 'gate',
    statementTimeoutMs: 30_000,
    onPoolError: () => {},
  })
  const waiting = `select 1 from pg_locks join pg_database on pg_database.oid = database
    where datname = current_database() and locktype = 'advisory' and not granted`
  const answers = await gate.db.transaction().execute(async (db) => {
    await lockTarget('gate', { db })
    const asked = requests.map((request) => request())
    const count = async () => (await admin.database.query(waiting)).length
    await expect.poll(count, { timeout: 20_000 }).toBe(requests.length)
    return asked
  })
  return Promise.all(answers)
}

test.each([
  ['sent again', 'POST', '/replay', { sent: 1, done: 3 }],
  ['deleted', 'DELETE', '', { sent: 0, done: 1 }],
] as const)('a letter that is %s by several at once - each has a row', async (_what, method, ending, all) => {
  const seq = await park('chat.turns', 'several')
  const manager = await admin.worker.openManager()
  const lastTurn = async () => (await manager.streams.info('CHAT_TURNS')).state.last_seq
  const before = await lastTurn()
  const press = () => admin.call(method, `/dead-letters/${seq}${ending}`)
  const answers = await together([press, press, press])
  const done = answers.filter(({ status }) => status === 200).length
  const tooLate = answers.filter(({ status }) => status === 404).length
  expect({ done, tooLate, sent: (await lastTurn()) - before }).toEqual({ ...all, tooLate: 3 - all.done })
  const ends = (await rows()).map(({ after }) => after)
  expect(ends.filter((end) => end === null)).toHaveLength(done)
  const notFound = expect.objectContaining({ error: 'not_found' })
  expect(ends.filter((end) => end !== null)).toEqual(Array.from({ length: tooLate }, () => notFound))
})
