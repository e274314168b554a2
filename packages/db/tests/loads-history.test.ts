import { randomUUID } from 'node:crypto'
import { type TurnEnd, type TurnMessage } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, endOverdueTurns, listOverdueTurns, loadTurnContext } from '../src/index.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

let database: Database

beforeAll(async () => {
  database = await openMigratedDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

interface EarlierTurn {
  user_text: string
  answer: string | null
  status?: TurnEnd
  was_declined?: boolean
  /** Text of the earlier turn that it replaces. */
  replaces?: string
}

/** Questions of the history that a new turn is given after these, which were asked one after the other. */
async function rememberedOf(earlier: readonly EarlierTurn[]): Promise<string[]> {
  const conversation_id = randomUUID()
  const ids = new Map(earlier.map(({ user_text }) => [user_text, randomUUID()]))
  const turns = earlier.map(({ replaces, ...turn }, second) => ({
    session_id: ids.get(turn.user_text) ?? '',
    conversation_id,
    user_id: 1,
    source: 'ws' as const,
    status: 'done' as const,
    created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
    ended_at: new Date(),
    replaces: (replaces && ids.get(replaces)) ?? null,
    ...turn,
  }))
  await database.db.insertInto('omni2.turns').values(turns).execute()
  return load(conversation_id)
}

async function load(conversation_id: string): Promise<string[]> {
  const turn = {
    session_id: randomUUID(),
    conversation_id,
    replaces: null,
    identity: { user_id: 1, sid: 'x' },
  }
  const { history } = await loadTurnContext(turn as TurnMessage, { historyTurns: 100 }, database)
  return history.map(({ user_text }) => user_text)
}

const ends = (status: TurnEnd, answer: string | null = 'Well') => ({ user_text: status, answer, status })

test('what the user saw is remembered in its order, however its turn ended', async () => {
  const seen = [ends('done'), ends('cancelled'), ends('interrupted')]
  const unseen = [ends('error', null), ends('refused', null), ends('blocked', null)]
  expect(await rememberedOf([...seen, ...unseen])).toEqual(['done', 'cancelled', 'interrupted'])
  expect(await rememberedOf([ends('done', ''), ends('cancelled', '\n '), ends('interrupted', null)])).toEqual(
    [],
  )
})

test.each(['Hello..', ''])(
  'an exchange that the model declined after %j is not remembered',
  async (answer) => {
    const declined = { user_text: 'b', answer, was_declined: true }
    const around = ['a', 'c'].map((user_text) => ({ user_text, answer: 'Well' }))
    const [before, after] = around as [EarlierTurn, EarlierTurn]
    expect(await rememberedOf([before, declined, after])).toEqual(['a', 'c'])
    // It took the place of what it replaced all the same.
    expect(await rememberedOf([before, { ...declined, replaces: 'a' }, after])).toEqual(['c'])
    expect(await rememberedOf([declined, { ...after, replaces: 'b' }])).toEqual(['c'])
  },
)

test('a reply that broke off replaces what it edits once something of it was seen', async () => {
  const original = { user_text: 'a', answer: 'Well' }
  const edit = { ...ends('interrupted'), replaces: 'a' }
  expect(await rememberedOf([original, edit])).toEqual(['interrupted'])
  expect(await rememberedOf([original, { ...edit, answer: '' }])).toEqual(['a'])
})

test('what a dead worker is known to have said is remembered after the sweep', async () => {
  const conversation_id = randomUUID()
  const turn = {
    session_id: randomUUID(),
    conversation_id,
    user_id: 1,
    source: 'ws',
    status: 'running',
  } as const
  const known = { user_text: 'Note it', tool_intents: JSON.stringify({ text: 'I note it.' }) }
  await database.db
    .insertInto('omni2.turns')
    .values({ ...turn, ...known, deadline_at: new Date(0) })
    .execute()
  const ending = { type: 'error', seq: 1, body: {} } as const
  await endOverdueTurns(
    await listOverdueTurns(database),
    { interrupted: ending, cancelled: ending },
    database,
  )
  expect(await load(conversation_id)).toEqual(['Note it'])
})
