import { expect, test } from 'vitest'
import { checkCommand } from './check-command.ts'
import { repositoryRoot } from './repository-root.ts'

const ask = (service: string, env: Record<string, string>) =>
  checkCommand(
    { envFile: '/dev/null', compose: false, service },
    { env: { NATS_URL: 'nats://nats:4222', ...env }, root: repositoryRoot },
  )

test('config check - bad variables, a demo secret and times that do not fit - are told at once', async () => {
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

test('config check - a price that is none - is told beside what is not set', async () => {
  const { text } = await ask('chat-worker', { MODEL_PRICES: '1,2' })
  expect(text).toContain('  DATABASE_URL: is not set\n')
  expect(text).toContain('  MODEL_PRICES: must be four numbers')
})
