import { makeConversationId } from '@omni2/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addTurn } from './add-turn.ts'
import { startConsole, users, type ConsoleUnderTest, type UserName } from './start-console.ts'

let app: ConsoleUnderTest

beforeAll(async () => {
  app = await startConsole()
})
afterAll(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  await app.database.query('delete from omni2.turns')
  await app.database.query('delete from omni2.conversations')
})

const read = (path: string, as: UserName = 'vera') => app.call('GET', path, { as, api: '/api/v1' })

const hours = (count: number) => new Date(Date.parse('2026-11-20T10:00:00Z') + count * 3_600_000)

const idsOf = ({ body }: { body: { items: { session_id: string }[] } }) =>
  body.items.map(({ session_id }) => session_id)

test('users see their own turns, operators those of all, and of one user', async () => {
  const own = await addTurn(app, { at: hours(0) })
  const other = await addTurn(app, { of: 'stranger', at: hours(1) })
  expect(idsOf(await read('/flows'))).toEqual([own])
  expect(idsOf(await read('/flows', 'oli'))).toEqual([other, own])
  expect(idsOf(await read(`/flows?user_id=${users.vera}`, 'oli'))).toEqual([own])
  expect(await read(`/flows?user_id=${users.stranger}`)).toMatchObject({ status: 403 })
  expect((await read(`/flows/${other}`)).status).toBe(404)
  expect((await read(`/flows/${own}`)).body).toMatchObject({
    session_id: own,
    user_text: 'hello',
    events: [],
  })
  expect((await read(`/flows/${other}`, 'oli')).body).toMatchObject({ session_id: other })
  for (const path of ['/flow-groups', '/flow-statistics'])
    expect((await read(`${path}?user_id=${users.stranger}`)).status).toBe(403)
})

test('every filter - finds its turn alone', async () => {
  const conversation = makeConversationId()
  await addTurn(app, { at: hours(0), text: 'plain' })
  const wanted = await addTurn(app, {
    at: hours(5),
    conversation,
    text: 'about walruses',
    status: 'error',
    model: 'big',
    cost: 0.5,
    result: { tools_used: ['files.read_file'], first_token_ms: 120, queue_ms: 4 },
  })
  const filters = [
    `conversation_id=${conversation}`,
    'source=ws',
    'status=error',
    'model=big',
    'tool=files',
    'tool=files.read_file',
    `since=${hours(4).toISOString()}`,
    'search=walrus',
    'failed=true',
    'cost_from=0.4',
  ]
  for (const filter of filters)
    expect([filter, idsOf(await read(`/flows?${filter}`))]).toEqual([filter, [wanted]])
  expect(idsOf(await read(`/flows?until=${hours(4).toISOString()}`))).not.toContain(wanted)
  for (const other of ['file', 'files.read', 'read_file', 'files.'])
    expect([other, idsOf(await read(`/flows?tool=${other}`))]).toEqual([other, []])
  expect((await read('/flows?status=error')).body.items[0]).toMatchObject({
    first_token_ms: 120,
    queue_ms: 4,
    duration_ms: 1000,
    cost_usd: 0.5,
    tools_used: ['files.read_file'],
  })
  expect(await read('/flows?since=yesterday')).toMatchObject({ status: 422 })
})

test('a tool that many turns used - is found as a rare one is', async () => {
  const many = 10_050
  await app.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, answer, status, attempt, result, created_at, ended_at)
     select gen_random_uuid(), $1, 'sse', 'hello', 'Hello!', 'done', 1, $2, $3, $3 from generate_series(1, $4)`,
    [users.vera, JSON.stringify({ body: { result: { tools_used: ['bulk.run'] } } }), hours(0), many],
  )
  const rare = await addTurn(app, { at: hours(1), result: { tools_used: ['bulk.run', 'bulk.stop'] } })
  expect(idsOf(await read('/flows?tool=bulk.stop'))).toEqual([rare])
  expect(idsOf(await read('/flows?tool=bulk&limit=1'))).toEqual([rare])
  const day = `since=${hours(-1).toISOString()}&until=${hours(2).toISOString()}`
  for (const tool of ['bulk', 'bulk.run']) {
    const { buckets } = (await read(`/flow-statistics?tool=${tool}&${day}`)).body
    const turns = buckets.map((bucket: { turns: number }) => bucket.turns)
    expect([tool, turns]).toEqual([tool, [many, 1]])
  }
})

test('pages - turns of the same instant are listed once each', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => addTurn(app, { at: hours(0) })))
  const first = await read('/flows?limit=3')
  const second = await read(`/flows?limit=3&cursor=${first.body.next_cursor}`)
  expect([...idsOf(first), ...idsOf(second)]).toEqual(ids.toSorted().toReversed())
})

test('groups - conversations with what their turns took, the last used first, in pages', async () => {
  const [early, late] = [makeConversationId(), makeConversationId()]
  await addTurn(app, { conversation: early, at: hours(0), text: 'the first', cost: 0.25 })
  const last = await addTurn(app, { conversation: early, at: hours(1), status: 'error', cost: 0.25 })
  await addTurn(app, { conversation: late, at: hours(2) })
  await addTurn(app, { at: hours(3) })
  const first = (await read('/flow-groups?limit=1')).body
  const second = (await read(`/flow-groups?limit=1&cursor=${first.next_cursor}`)).body
  const third = (await read(`/flow-groups?limit=1&cursor=${second.next_cursor}`)).body
  expect([...first.items, ...second.items, ...third.items]).toEqual([
    expect.objectContaining({ conversation_id: late, turns: 1, failed: 0 }),
    {
      conversation_id: early,
      user_id: users.vera,
      username: 'vera',
      title: 'the first',
      turns: 2,
      failed: 1,
      tokens: 30,
      cost_usd: 0.5,
      first_at: hours(0).toISOString(),
      last_at: hours(1).toISOString(),
      last_session_id: last,
    },
  ])
})

test('statistics - counted by steps, with percentiles', async () => {
  for (const first_token_ms of [100, 200, 300])
    await addTurn(app, { at: hours(0), cost: 0.5, result: { first_token_ms } })
  await addTurn(app, { at: hours(2), status: 'error' })
  const range = `since=${hours(-1).toISOString()}&until=${hours(5).toISOString()}`
  expect((await read(`/flow-statistics?${range}`)).body).toEqual({
    since: hours(-1).toISOString(),
    until: hours(5).toISOString(),
    step_seconds: 300,
    buckets: [
      {
        at: hours(0).toISOString(),
        turns: 3,
        failed: 0,
        tokens: 45,
        cost_usd: 1.5,
        first_token_p50_ms: 200,
        first_token_p95_ms: 300,
        duration_p50_ms: 1000,
        duration_p95_ms: 1000,
      },
      expect.objectContaining({ at: hours(2).toISOString(), turns: 1, failed: 1, first_token_p50_ms: null }),
    ],
  })
})

test('export - every turn that matches, in as many steps as it takes, of the user alone', async () => {
  await app.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt, created_at, ended_at)
     select gen_random_uuid(), case when n % 2 = 0 then $1::int else $2::int end, 'ws', 'question ' || n, 'done', 1,
       $3::timestamptz + n * interval '1 second', $3::timestamptz + n * interval '2 second'
     from generate_series(1, 2400) n`,
    [users.vera, users.stranger, hours(0)],
  )
  const download = async (query: string, as: UserName = 'vera') => {
    const response = await app.request('GET', `/flow-export?${query}`, { as, api: '/api/v1' })
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    }
  }
  const csv = await download('format=csv')
  expect(csv).toMatchObject({ status: 200, type: 'text/csv; charset=utf-8' })
  const lines = csv.text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(1201)
  expect([lines[1], lines.at(-1)]).toEqual([
    expect.stringContaining('question 2400'),
    expect.stringContaining('question 2,'),
  ])
  expect(new Set(lines).size).toBe(1201)
  expect(JSON.parse((await download('format=json', 'oli')).text)).toHaveLength(2400)
  expect(JSON.parse((await download('format=json&search=2399', 'oli')).text)).toMatchObject([
    { question: 'question 2399' },
  ])
  expect((await download('format=xml')).status).toBe(422)
  expect((await download(`format=csv&user_id=${users.stranger}`)).status).toBe(403)
})
