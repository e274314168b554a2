import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCommand } from './check-command.ts'
import { services } from './configuration/services.ts'
import { repositoryRoot } from './repository-root.ts'

const ask = (service: string, env: Record<string, string>) =>
  checkCommand(
    { envFile: '/dev/null', compose: false, local: false, service },
    { env: { NATS_URL: 'nats://nats:4222', ...env }, root: repositoryRoot },
  )

test('config check - bad variables, a demo secret and times that do not fit - are reported together', async () => {
  const env = {
    NODE_ENV: 'production',
    EDGE_PORT: 'eighty',
    EDGE_TEXT_LENGTH: '0',
    RESUME_TOKEN_SECRET: 'change-me-change-me-change-me-change-me',
    WS_EDGE_TRUST: 'header',
    SHUTDOWN_DEADLINE_MS: '2000',
  }
  const { text, isGood } = await ask('ws-edge', env)
  expect(isGood).toBe(false)
  expect(text.match(/(?<=^ {2})\w+(?=:)/gm)).toEqual([
    'EDGE_PORT',
    'EDGE_TEXT_LENGTH',
    'RESUME_TOKEN_SECRET',
    'TRUSTED_PROXIES',
    'EDGE_DRAIN_DEADLINE_MS',
  ])
  expect(text).not.toMatch(/eighty|change-me/)
})

test('config check - a bad price - is reported beside what is not set', async () => {
  const { text } = await ask('chat-worker', { MODEL_PRICES: '1,2' })
  expect(text).toContain('  DATABASE_URL: is not set\n')
  expect(text).toContain('  MODEL_PRICES: must be four numbers')
})

describe('config check --local', () => {
  /** A clone without an .env of its own. */
  let emptyRoot: string
  beforeAll(async () => {
    emptyRoot = await mkdtemp(join(tmpdir(), 'omni2-check-'))
    await copyFile(join(repositoryRoot, '.env.example'), join(emptyRoot, '.env.example'))
  })
  afterAll(() => rm(emptyRoot, { recursive: true }))

  const askLocal = (env: Record<string, string>) =>
    checkCommand(
      { envFile: undefined, compose: false, local: true, service: undefined },
      { env, root: emptyRoot },
    )

  test('nothing given - is good, for npm start makes what is missing', async () => {
    const { text, isGood } = await askLocal({})
    expect({ text, isGood }).toEqual({
      text: services.map(({ name }) => `${name}: good\n`).join(''),
      isGood: true,
    })
  })

  test('what does not fit the times, or the servers, of npm start - is reported with everything else', async () => {
    const { text, isGood } = await askLocal({
      EDGE_DRAIN_DEADLINE_MS: '24500',
      WORKER_TRUNS: '5',
      ANTHROPIC_BASE_URL: 'ftp://model',
      REDIS_URL: 'redis://:hush@127.0.0.1:1',
    })
    expect(isGood).toBe(false)
    expect(text).toContain(
      'variables:\n  WORKER_TRUNS in the environment is not known; did you mean WORKER_TURNS?',
    )
    expect(text).toContain('npm start:\n  ANTHROPIC_BASE_URL: must be a URL that begins with')
    expect(text).toContain('  no Redis answers at 127.0.0.1:1 (')
    expect(text).toContain('ws-edge:\n  EDGE_DRAIN_DEADLINE_MS: must leave')
    expect(text).not.toContain('hush')
  })
})
