import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { askGroup } from './ask-group.ts'
import { RepeatBudget } from './repeat-budget.ts'

const refuseAfter = async (ms: number): Promise<never> => {
  await sleep(ms)
  throw new Error('no answer in time')
}

test('one frozen member is passed by: another one is asked soon', async () => {
  let asked = 0
  const answer = await askGroup((ms) => ((asked += 1) === 1 ? refuseAfter(ms) : Promise.resolve('here')), {
    timeoutMs: 5000,
    budget: new RepeatBudget(),
  })
  expect(answer).toBe('here')
  expect(asked).toBe(2)
})

test('a group that is too busy to answer gets half as many questions again, not several times as many', async () => {
  const budget = new RepeatBudget()
  let asked = 0
  const ask = (ms: number) => {
    asked += 1
    return refuseAfter(ms)
  }
  const answers = Array.from({ length: 1000 }, () =>
    askGroup(ask, { timeoutMs: 1000, budget }).catch(() => {}),
  )
  await Promise.all(answers)
  expect(asked).toBeLessThanOrEqual(1600)
  expect(asked).toBeGreaterThan(1000)
})
