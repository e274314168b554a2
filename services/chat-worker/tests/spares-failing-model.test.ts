import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkerWorld, type WorkerWorld } from './worker-world.ts'

const failures = 3
const env = { MODEL_BREAKER_FAILURES: String(failures), MODEL_TRIES: '1' }

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const countCalls = () => world.model.log.list().length
const ask = async (text: string) => (await world.send(world.makeTurn(text))).ended

/** Enough turns that find the model overloaded to open the circuit. */
async function openCircuit(): Promise<void> {
  for (let turns = 0; turns < failures; turns += 1)
    expect(await ask('Go [[sim error=529]]')).toMatchObject({ type: 'error', code: 'model_overloaded' })
}

test('after so many failures turns get a time to retry at once, and the model gets no calls', async () => {
  const pauseMs = 600_000
  const worker = await world.startWorker({ ...env, MODEL_BREAKER_OPEN_MS: String(pauseMs) })
  await openCircuit()
  expect(countCalls()).toBe(failures)
  const ends = await Promise.all(['One', 'Two', 'Three'].map(ask))
  for (const end of ends) {
    expect(end).toMatchObject({
      type: 'error',
      code: 'model_unavailable',
      retry_after_ms: expect.any(Number),
    })
    const waitMs = end.type === 'error' ? (end.retry_after_ms ?? 0) : 0
    expect(waitMs).toBeGreaterThan(0)
    expect(waitMs).toBeLessThanOrEqual(pauseMs)
  }
  expect(countCalls()).toBe(failures)
  const rows = await world.database.query(
    `select status, cost_usd::float8 as cost from omni2.turns where user_text in ('One', 'Two', 'Three')`,
  )
  expect(rows).toEqual(Array.from({ length: 3 }, () => ({ status: 'error', cost: 0 })))
  await worker.stop()
})

test('after the pause one call succeeds, and turns are answered', async () => {
  const worker = await world.startWorker({ ...env, MODEL_BREAKER_OPEN_MS: '500' })
  const before = countCalls()
  await openCircuit()
  const answers: string[] = []
  const askAgain = async () => {
    const end = await ask('Well?')
    answers.push(end.type === 'error' ? end.code : end.type)
    return answers.at(-1)
  }
  await expect.poll(askAgain, { interval: 100 }).toBe('done')
  expect(answers.slice(0, -1).every((answer) => answer === 'model_unavailable')).toBe(true)
  expect(countCalls()).toBe(before + failures + 1)
  expect(await Promise.all(['One more', 'And one'].map(ask))).toMatchObject([
    { type: 'done' },
    { type: 'done' },
  ])
  await worker.log.waitFor(/model circuit closed/)
})
