import { expect, test } from 'vitest'
import { makeTurn } from './make-turn.ts'
import { openStand, type Stand } from './open-stand.ts'
import { readBatches, startRecorder } from './start-recorder.ts'

/** Statements that ran in this database, without those that only frame transactions, by their text. */
async function readStatements({ database }: Stand): Promise<Map<string, number>> {
  const rows = await database.query<{ query: string; calls: number }>(
    `select query, sum(calls)::int as calls from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and query !~* '^(begin|commit|rollback|set)' and query !~ 'pg_stat_statements'
     group by query`,
  )
  return new Map(rows.map(({ query, calls }) => [query, calls]))
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0)

test('a batch - costs two statements, three where turns are settled; waiting costs none', async () => {
  await using stand = await openStand()
  await using recorder = await startRecorder(stand)
  const atStart = sum((await readStatements(stand)).values())
  const turns = Array.from({ length: 60 }, () => makeTurn({ attempts: 2 }))

  await stand.publish(turns.flatMap(({ events }) => events.slice(0, 3)))
  await stand.whenCaughtUp()
  const unsettled = readBatches(recorder)
  expect(sum(unsettled.map(({ events }) => events))).toBe(180)
  expect(sum((await readStatements(stand)).values()) - atStart).toBe(2 * unsettled.length)

  for (const { events, settlement } of turns) await stand.publish([...events.slice(3), settlement])
  await stand.whenCaughtUp()
  const batches = readBatches(recorder)
  const settled = batches.filter(({ settlements }) => settlements > 0)
  expect(sum(batches.map(({ settlements }) => settlements))).toBe(60)
  expect(sum((await readStatements(stand)).values()) - atStart).toBe(2 * batches.length + settled.length)
  // Turns one after the other share batches: far fewer statements than three a turn.
  expect(batches.length).toBeLessThan(turns.length)
})
