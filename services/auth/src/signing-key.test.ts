import { expect, test } from 'vitest'
import { makeKeySet, makeSigningKey } from './signing-key.ts'

/** RFC 8037, appendix A: the key and its thumbprint. */
const jwk = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const
const thumbprint = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
const other = { kty: 'OKP', crv: 'Ed25519', x: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE' } as const

test('names a key by its thumbprint', async () => {
  expect((await makeSigningKey(jwk)).kid).toBe(thumbprint)
})

test('publishes the signing key first, no key twice and no private part', async () => {
  const { d: _, ...published } = jwk
  const { keys } = await makeKeySet(jwk, [other, published])
  expect(keys[0]).toEqual({ ...published, kid: thumbprint, alg: 'EdDSA', use: 'sig' })
  expect(keys.map(({ x }) => x)).toEqual([jwk.x, other.x])
})
