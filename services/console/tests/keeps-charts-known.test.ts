import type { FastifyReply } from 'fastify'
import { type Database, openDatabase } from '@omni2/db'
import { openTestDatabase } from '@omni2/testkit'
import { expect, test, vi } from 'vitest'
import { keepChartsKnown } from '../src/flows/keep-charts-known.ts'
import { readFlowStatistics } from '../src/flows/read-flows.ts'
import { KnownSteps } from '../src/request/known-steps.ts'
import type { RequestContext } from '../src/request/operation.ts'
import { addTurn } from './add-turn.ts'
import { seed } from './start-console.ts'

const dayMs = 24 * 3_600_000
const reply = {} as FastifyReply
const log = { warn: vi.fn<() => void>() }

/** Reads ahead once; what the database has afterwards does not count. */
async function readAhead(database: Database) {
  const stop = new AbortController()
  const knownSteps = new KnownSteps()
  let parts = 0
  const refresh: KnownSteps['refresh'] = async (...chart) => {
    await knownSteps.refresh(...chart)
    parts += 1
    // The days of both ranges, and of each the one that it begins in.
    if (parts === 8 + 31) stop.abort()
  }
  await keepChartsKnown({ database, knownSteps: { refresh }, stopping: stop.signal, log })
  return knownSteps
}

test.each([7, 30])('a chart of %i days - of all turns - is known before an operator looks', async (days) => {
  await using tables = await openTestDatabase()
  await tables.query(seed)
  await using database = openDatabase({
    url: tables.url,
    poolMax: 2,
    applicationName: 'test',
    statementTimeoutMs: 30_000,
    onPoolError: () => {},
  })
  const ages = [2, days / 2, days - 1]
  for (const age of ages) await addTurn({ database: tables }, { at: new Date(Date.now() - age * dayMs) })
  const knownSteps = await readAhead(database)
  await tables.query('delete from omni2.turns')
  const context = {
    actor: { userId: 1, isOperator: true },
    database,
    knownSteps,
  } as unknown as RequestContext
  const query = { since: new Date(Date.now() - days * dayMs).toISOString() }
  const answer = await readFlowStatistics.respond({ params: {}, query, body: undefined }, context, reply)
  const { buckets } = answer as { buckets: { turns: number }[] }
  expect(buckets.reduce((sum, { turns }) => sum + turns, 0)).toBe(ages.length)
  expect(log.warn).not.toHaveBeenCalled()
})
