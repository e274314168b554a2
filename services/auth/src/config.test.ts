import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readAuthConfig } from './config.ts'

const makeKey = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
const [key, otherKey] = [makeKey(), makeKey()]
const env = {
  DATABASE_URL: 'postgres://localhost/chat',
  AUTH_JWT_SECRET: 'M3X0hC7vQb1rYtGz5wKpLs8dNjUaEf2i',
  AUTH_SIGNING_KEY: JSON.stringify(key),
  NATS_URL: 'nats://localhost:4222',
}

const issuer = {
  issuer: 'https://idp.example.org',
  audience: 'chat',
  jwks_url: 'https://idp.example.org/keys',
}

test('needs four variables and shows every other default', () => {
  expect(readAuthConfig(env)).toMatchObject({
    AUTH_PORT: 8081,
    AUTH_JWT_ISSUER: 'omni2-auth',
    AUTH_JWT_AUDIENCE: 'omni2',
    AUTH_SIGNING_KEY: { x: key.x },
    AUTH_EXTRA_PUBLIC_KEYS: [],
  })
  expect(() => readAuthConfig({})).toThrow(
    /NATS_URL: is not set\n.*DATABASE_URL: is not set\n.*AUTH_JWT_SECRET: is not set\n.*AUTH_SIGNING_KEY: is not set/,
  )
})

test.each([
  ['AUTH_JWT_SECRET', 'short', 'at least 32 characters'],
  ['AUTH_SIGNING_KEY', '{', 'must be JSON'],
  ['AUTH_SIGNING_KEY', '{"kty":"RSA"}', 'AUTH_SIGNING_KEY'],
  ['AUTH_SIGNING_KEY', JSON.stringify({ ...key, x: otherKey.x }), 'belongs to another key'],
  ['AUTH_EXTRA_PUBLIC_KEYS', JSON.stringify([otherKey]), 'must not hold a private part'],
  ['AUTH_CLOCK_TOLERANCE_SECONDS', '60', 'AUTH_CLOCK_TOLERANCE_SECONDS'],
  ['AUTH_ALLOWED_ORIGINS', 'https://chat.example.org/', 'must be origins'],
  ['OMNI2_ORIGINS', '*', 'must be origins'],
  ['AUTH_TRUSTED_PROXIES', 'gateway', 'must be addresses or ranges'],
  ['AUTH_TRUSTED_ISSUERS', JSON.stringify([{ ...issuer, algorithms: ['HS256'] }]), 'AUTH_TRUSTED_ISSUERS'],
  ['AUTH_TRUSTED_ISSUERS', JSON.stringify([{ ...issuer, algorithms: ['none'] }]), 'AUTH_TRUSTED_ISSUERS'],
  ['AUTH_TRUSTED_ISSUERS', JSON.stringify([{ ...issuer, jwks_url: 'http://idp.example.org/keys' }]), 'https'],
  ['AUTH_TRUSTED_ISSUERS', JSON.stringify([issuer, issuer]), 'twice'],
  ['AUTH_TRUSTED_ISSUERS', JSON.stringify([{ ...issuer, issuer: 'omni2-auth' }]), 'must not name'],
  ['AUTH_TRUSTED_ISSUERS', JSON.stringify([{ ...issuer, audience: undefined }]), 'AUTH_TRUSTED_ISSUERS'],
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
