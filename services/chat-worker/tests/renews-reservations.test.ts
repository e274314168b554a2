import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Anthropic } from '@anthropic-ai/sdk'
import { makeConversationId, makeQuestionDigest, makeTurnId, type TurnMessage } from '@omni2/contracts'
import { claimTurn, openDatabase, reserveUsage, type Database } from '@omni2/db'
import { openLogger } from '@omni2/service-kit'
import { openTestDatabase, type TestDatabase } from '@omni2/testkit'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Budget } from '../src/limits/budget.ts'
import { countInput } from '../src/limits/count-input.ts'

const userId = 1
const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
const config = { MODEL_MAX_TOKENS: 100, MODEL_MIN_OUTPUT_TOKENS: 10 }
const prices = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 }
const request = { model: 'm', messages: [{ role: 'user', content: 'Hello' } as const] }
const unused = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, estimated: false }
/** The reservation of the claim: less than the next call may need. */
const reserved = { usd: 10_000, tokens: 100 }

const stack = new AsyncDisposableStack()
let rows: TestDatabase
let database: Database
let client: Anthropic
/** Requests of the model's server, which begins to answer and never ends. */
let asked: string[] = []

beforeAll(async () => {
  rows = stack.use(await openTestDatabase())
  await rows.query(
    `insert into auth_service.users (id, username, name, active) values (1, 'ada', 'Ada', true)`,
  )
  const { url } = rows
  const pool = { poolMax: 2, applicationName: 'test', statementTimeoutMs: 30_000 }
  database = stack.use(openDatabase({ url, ...pool, onPoolError: () => {} }))
  const server = createServer((message, response) => {
    asked.push(String(message.url))
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"input_tokens":')
  })
  stack.defer(() => server.closeAllConnections())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  client = new Anthropic({ apiKey: 'test', baseURL: `http://127.0.0.1:${port}` })
})
afterAll(() => stack.disposeAsync())
afterEach(async () => {
  vi.restoreAllMocks()
  asked = []
  await rows.query('drop function if exists interfere cascade')
})

function makeTurn(): TurnMessage {
  const conversationId = makeConversationId()
  return {
    session_id: makeTurnId({ userId, conversationId }),
    conversation_id: conversationId,
    identity: { user_id: userId, username: 'ada', role: 'user', sid: conversationId, session_exp: 2e9 },
    source: 'ws',
    client_msg_id: null,
    text: 'Hello',
    replaces: null,
    accepted_at: new Date().toISOString(),
  }
}

/** A turn that runs, and the budget that its claim begins. */
async function beginTurn() {
  const turn = makeTurn()
  const { session_id } = turn
  const lifetimeMs = 60_000
  await database.db.transaction().execute(async (db) => {
    await claimTurn(
      turn,
      { worker: 'test', deadlineMs: lifetimeMs, digest: makeQuestionDigest(turn) },
      { db },
    )
    const reservation = { session_id, attempt: 1, amount_usd: reserved.usd / 1e8, tokens: reserved.tokens }
    await reserveUsage(reservation, { userId, lifetimeMs }, { db })
  })
  const allowance = { maxTokens: 100, reserved, input: { tokens: 0, isFinal: true } }
  const budget = new Budget(
    turn,
    1,
    { allowance, counted: undefined },
    { config, prices, database, client, log },
  )
  const cover = () => budget.ensureReserved({ request, spent: unused, signal: new AbortController().signal })
  const readReserved = async () => {
    const where = 'where session_id = $1'
    const [row] = await rows.query(`select tokens from omni2.usage_reservations ${where}`, [session_id])
    return row?.['tokens']
  }
  return { cover, readReserved }
}

/** Has a trigger interfere with every renewal. */
async function interfere(trigger: string, body: string): Promise<void> {
  await rows.query(
    `create function interfere() returns trigger language plpgsql as $$ begin ${body} end $$;
     create ${trigger} on omni2.usage_reservations ${trigger.startsWith('constraint') ? 'deferrable initially deferred' : ''}
       for each row execute function interfere()`,
  )
}

test('a renewal whose commit fails covers nothing; the next renewal reserves', async () => {
  const { cover, readReserved } = await beginTurn()
  await interfere('constraint trigger fails after update', `raise exception 'not committed';`)
  await expect(cover()).rejects.toThrow('not committed')
  expect(await readReserved()).toBe(reserved.tokens)
  await rows.query('drop function interfere cascade')
  expect(await cover()).toMatchObject({ state: 'covered', maxTokens: 100 })
  expect(await readReserved()).toBeGreaterThan(reserved.tokens)
})

test('a reservation that is gone is not renewed: another attempt or an end came first', async () => {
  const { cover, readReserved } = await beginTurn()
  await interfere('trigger hides before update', 'return null;')
  expect(await cover()).toEqual({ state: 'superseded' })
  expect(await readReserved()).toBe(reserved.tokens)
})

test.each(['the attempt is stopped', 'it takes too long'])(
  'a count whose answer begins and does not end - when %s - is a bound',
  async (cause) => {
    const [late, stopped] = [new AbortController(), new AbortController()]
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(late.signal)
    const counted = countInput(request, { client, log, signal: stopped.signal })
    await expect.poll(() => asked).toHaveLength(1)
    const end = cause === 'it takes too long' ? late : stopped
    end.abort(new Error(cause))
    expect(await counted).toEqual({ tokens: expect.any(Number), isFinal: true })
    expect(timeout).toHaveBeenCalledWith(3000)
    expect(asked).toHaveLength(1)
  },
)
