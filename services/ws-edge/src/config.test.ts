import { expect, test } from 'vitest'
import { readEdgeConfig } from './config.ts'

const env = {
  NATS_URL: 'nats://127.0.0.1:4222',
  AUTH_JWKS_URL: 'http://127.0.0.1:8081/.well-known/jwks.json',
  RESUME_TOKEN_SECRET: 'v9Qd3nRk7TzLw1XbGyHc5MpEs8UaJf2W',
}

test('needs no more than the addresses and a secret', () => {
  expect(readEdgeConfig(env)).toMatchObject({ EDGE_HOST: '127.0.0.1', EDGE_PORT: 8082, ALLOWED_ORIGINS: [] })
})

test('believes a header only where the proxies are named, and needs no keys then', () => {
  const trust = { WS_EDGE_TRUST: 'header', TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8', AUTH_JWKS_URL: '' }
  const { TRUSTED_PROXIES } = readEdgeConfig({ ...env, ...trust })
  expect(TRUSTED_PROXIES.map(String)).toEqual(['10.0.0.0,8', 'fd00::,8'])
})

test.each(['change-me-change-me-change-me-change-me', 'a'.repeat(40)])(
  'refuses the demo secret %s in production only',
  (RESUME_TOKEN_SECRET) => {
    const read = (NODE_ENV: string) => () => readEdgeConfig({ ...env, RESUME_TOKEN_SECRET, NODE_ENV })
    expect(read('production')).toThrow('RESUME_TOKEN_SECRET')
    expect(read('development')).not.toThrow()
  },
)

test.each<[string, Record<string, string>]>([
  ['RESUME_TOKEN_SECRET', { RESUME_TOKEN_SECRET: 'short' }],
  ['AUTH_JWKS_URL', { AUTH_JWKS_URL: 'file:///etc/passwd' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://chat.example.org/' }],
  ['OMNI2_ORIGINS', { OMNI2_ORIGINS: 'https://chat.example.org/' }],
  ['AUTH_JWKS_URL', { AUTH_JWKS_URL: '' }],
  ['WS_EDGE_TRUST', { WS_EDGE_TRUST: 'anybody' }],
  ['TRUSTED_PROXIES', { WS_EDGE_TRUST: 'header' }],
  ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/8' }],
  ['TRUSTED_PROXIES', { WS_EDGE_TRUST: 'header', TRUSTED_PROXIES: '10.0.0.0/99' }],
  ['EDGE_TEXT_LENGTH', { EDGE_TEXT_LENGTH: '100000' }],
  ['EDGE_DRAIN_DEADLINE_MS', { EDGE_DRAIN_DEADLINE_MS: '24000' }],
])('refuses a bad %s', (name, bad) => {
  expect(() => readEdgeConfig({ ...env, ...bad })).toThrow(name)
})
