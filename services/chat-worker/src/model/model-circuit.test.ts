import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { TurnStopError } from '../signals/turn-stop.ts'
import { ModelCircuit, ModelCircuitOpenError } from './model-circuit.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

class Outage extends Error {}

const fail = () => Promise.reject(new Outage())
const answer = async () => 'answer'

const openCircuit = () =>
  new ModelCircuit({
    failures: 3,
    pauseMs: 10_000,
    isOutage: (error) => error instanceof Outage,
    log: { warn: () => {}, info: () => {} },
  })

async function failTimes(circuit: ModelCircuit, times: number) {
  for (let time = 0; time < times; time += 1) await expect(circuit.run(fail)).rejects.toBeInstanceOf(Outage)
}

test('refuses at once after so many failures in a row, and says when to come back', async () => {
  const circuit = openCircuit()
  await failTimes(circuit, 3)
  vi.advanceTimersByTime(4000)
  let asked = 0
  await expect(circuit.run(async () => (asked += 1))).rejects.toMatchObject({
    name: 'ModelCircuitOpenError',
    retryAfterMs: 6000,
  })
  expect(asked).toBe(0)
})

test('an answer in between resets the count, also a 4xx', async () => {
  const circuit = openCircuit()
  await failTimes(circuit, 2)
  await expect(circuit.run(() => Promise.reject(new TypeError('400')))).rejects.toBeInstanceOf(TypeError)
  await failTimes(circuit, 2)
  expect(await circuit.run(answer)).toBe('answer')
})

test('a call that its turn cancelled does not count', async () => {
  const circuit = openCircuit()
  await failTimes(circuit, 2)
  const stopped = new TurnStopError('cancelled')
  await expect(circuit.run(() => Promise.reject(stopped))).rejects.toBe(stopped)
  await failTimes(circuit, 1)
  await expect(circuit.run(answer)).rejects.toBeInstanceOf(ModelCircuitOpenError)
})

test('after the pause one call tests the API, the others are refused until it is answered', async () => {
  const circuit = openCircuit()
  await failTimes(circuit, 3)
  vi.advanceTimersByTime(10_001)
  const { promise, resolve } = Promise.withResolvers<string>()
  const trying = circuit.run(() => promise)
  await expect(circuit.run(answer)).rejects.toBeInstanceOf(ModelCircuitOpenError)
  resolve('there again')
  expect(await trying).toBe('there again')
  expect(await circuit.run(answer)).toBe('answer')
})

test('opens again where that call fails too', async () => {
  const circuit = openCircuit()
  await failTimes(circuit, 3)
  vi.advanceTimersByTime(10_001)
  await failTimes(circuit, 1)
  await expect(circuit.run(answer)).rejects.toBeInstanceOf(ModelCircuitOpenError)
})

test('opens again where that call is given up by its turn', async () => {
  const circuit = openCircuit()
  await failTimes(circuit, 3)
  vi.advanceTimersByTime(10_001)
  const stopped = new TurnStopError('cancelled')
  await expect(circuit.run(() => Promise.reject(stopped))).rejects.toBe(stopped)
  await expect(circuit.run(answer)).rejects.toBeInstanceOf(ModelCircuitOpenError)
})
