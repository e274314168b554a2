import type { RunningServer, ServerName, ServerSource } from '@omni2/local-servers'
import { expect, test } from 'vitest'
import { nameDataFolder } from '@omni2/cli/data-folder'
import { makeSecrets } from '../data-folder/secrets.ts'
import { readStartConfig } from '../options/start-config.ts'
import { describeRun } from './describe-run.ts'
import { formatJsonLine } from './format-json-line.ts'
import { formatSummary } from './format-summary.ts'

const given = {
  DATABASE_URL: 'postgres://u:hush@h:5432/d',
  NATS_URL: 'nats://u:hush@h:4222',
  REDIS_URL: 'redis://:hush@h:6379',
}

test('servers that were given - what is printed does not show their passwords', () => {
  const run = describe('given')
  expect(formatJsonLine(run)).not.toContain('hush')
  expect(formatSummary(run, { root: '/clone' })).not.toContain('hush')
  expect(run.databaseUrl).toBe('postgres://u:***@h:5432/d')
})

test('servers of our own - can be opened with what is printed', () => {
  const run = describe('path')
  expect(run).toMatchObject({ databaseUrl: given.DATABASE_URL, redisUrl: given.REDIS_URL })
  expect(run.natsUrl).toMatch(/^nats:\/\/migrate:[\w-]{16}@h:4222$/)
})

function describe(source: ServerSource) {
  const model = { name: 'm', description: 'a model', env: {}, processes: [] }
  return describeRun({
    env: {},
    folder: nameDataFolder('/data'),
    config: readStartConfig(source === 'given' ? given : {}),
    secrets: makeSecrets(),
    servers: {
      postgres: makeServer('postgres', given.DATABASE_URL, source),
      nats: makeServer('nats-server', source === 'given' ? given.NATS_URL : 'nats://h:4222', source),
      redis: makeServer('redis-server', given.REDIS_URL, source),
    },
    gateway: { name: 'gateway-1', pid: 1, url: 'http://127.0.0.1:8080' },
    services: [],
    model,
    users: [],
  })
}

const makeServer = (name: ServerName, url: string, source: ServerSource): RunningServer => ({
  name,
  url,
  source,
  port: 1,
  pid: source === 'given' ? undefined : 1,
  notes: [],
  exited: new Promise(() => {}),
  stop: async () => {},
  [Symbol.asyncDispose]: async () => {},
})
