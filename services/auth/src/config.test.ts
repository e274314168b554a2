import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readAuthConfig } from './config.ts'

const makeKey = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
const [key, otherKey] = [makeKey(), makeKey()]
const env = {
  DATABASE_URL: 'postgres://localhost/chat',
  AUTH_JWT_SECRET: 'M3X0hC7vQb1rYtGz5wKpLs8dNjUaEf2i',
  AUTH_SIGNING_KEY: JSON.stringify(key),
}

test('needs three variables and shows every other default', () => {
  expect(readAuthConfig(env)).toMatchObject({
    AUTH_PORT: 8081,
    AUTH_JWT_ISSUER: 'omni2-auth',
    AUTH_JWT_AUDIENCE: 'omni2',
    AUTH_SIGNING_KEY: { x: key.x },
    AUTH_EXTRA_PUBLIC_KEYS: [],
  })
  expect(() => readAuthConfig({})).toThrow(
    /DATABASE_URL: is not set\n.*AUTH_JWT_SECRET: is not set\n.*AUTH_SIGNING_KEY: is not set/,
  )
})

test.each([
  ['AUTH_JWT_SECRET', 'short', 'at least 32 characters'],
  ['AUTH_SIGNING_KEY', '{', 'must be JSON'],
  ['AUTH_SIGNING_KEY', '{"kty":"RSA"}', 'AUTH_SIGNING_KEY'],
  ['AUTH_SIGNING_KEY', JSON.stringify({ ...key, x: otherKey.x }), 'belongs to another key'],
  ['AUTH_EXTRA_PUBLIC_KEYS', JSON.stringify([otherKey]), 'must not hold a private part'],
])('refuses a bad %s: %s', (name, value, problem) => {
  expect(() => readAuthConfig({ ...env, [name]: value })).toThrow(problem)
})

const publishedKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}

test.each([
  ['AUTH_JWT_SECRET', 'change-me-change-me-change-me-change-me'],
  ['AUTH_JWT_SECRET', 'your-256-bit-secret-your-256-bit-secret'],
  ['AUTH_JWT_SECRET', 'abababababababababababababababababab'],
  ['AUTH_SIGNING_KEY', JSON.stringify(publishedKey)],
])('production refuses the demo %s %s', (name, value) => {
  const demo = { ...env, [name]: value }
  expect(() => readAuthConfig({ ...demo, NODE_ENV: 'production' })).toThrow(name)
  expect(() => readAuthConfig(demo)).not.toThrow()
  expect(() => readAuthConfig({ ...env, NODE_ENV: 'production' })).not.toThrow()
})
