import { expect, test } from 'vitest'
import type { Figure } from '../report/results.ts'
import { FigureMissingError, planCapacity } from './plan-capacity.ts'

const figure = (part: string, setting: string, metric: string, median: number): Figure => ({
  part,
  setting,
  metric,
  median,
  system: 'ours',
  unit: '',
  values: [median],
})
const relay = (name: string, seconds: number) =>
  figure('relay', '100 streams of 500 tokens', `CPU of 1,000 tokens, ${name}`, seconds)
const figures = [
  relay('ws-edge-1', 0.03),
  relay('chat-worker-1', 0.12),
  relay('nats-server', 0.02),
  relay('postgres', 0.02),
  relay('redis-server', 0.001),
  figure('recorder', '2000 turns, 16000 events', 'events', 8000),
  figure('idle', '5000 sockets', 'PSS of a socket', 30),
]

test('a demand - is met by processes that are at most 60 % busy', () => {
  expect(planCapacity({ connections: 100_000, streams: 10_000 }, figures)).toEqual({
    tokensPerSecond: 500_000,
    turnsPerSecond: 1000,
    // 15 cores of work; 100,000 connections would need only 10.
    edges: 25,
    workers: 100,
    recorders: 2,
    natsCores: 10,
    postgresCores: 10,
    redisCores: 0.5,
    edgeMemory: 3,
  })
})

test('many connections that do little - need edges for their number', () => {
  expect(planCapacity({ connections: 1_000_000, streams: 100 }, figures)).toMatchObject({
    edges: 100,
    workers: 1,
  })
})

test('a figure that was not measured - is named', () => {
  expect(() => planCapacity({ connections: 1, streams: 1 }, figures.slice(1))).toThrow(FigureMissingError)
})
