import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, type JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { assertionRules } from '@omni2/contracts'

/** 32 bytes in base64url. */
const keyPart = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be an Ed25519 key as a JWK')

const publicPart = { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: keyPart }

/** An Ed25519 private key as a JWK (RFC 8037). With the public half of another key, its signatures are invalid. */
export const privateKeySchema = z
  .object({ ...publicPart, d: keyPart })
  .refine((jwk) => derivePublicPart(jwk) === jwk.x, 'its public part belongs to another key')

/** An Ed25519 public key as a JWK; one that still holds its private part is refused, not published. */
export const publicKeySchema = z.object({
  ...publicPart,
  d: z.undefined('must not hold a private part').optional(),
})

export type PrivateKey = z.infer<typeof privateKeySchema>
type PublicKey = z.infer<typeof publicKeySchema>

export interface SigningKey {
  /** Thumbprint of the public key (RFC 7638). */
  readonly kid: string
  readonly key: KeyObject
}

export async function makeSigningKey(jwk: PrivateKey): Promise<SigningKey> {
  return { kid: await calculateJwkThumbprint(jwk), key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}

/** Makes the set to publish (RFC 7517): the signing key's public part first, then the others, each once. */
export async function makeKeySet(signing: PrivateKey, others: readonly PublicKey[]): Promise<JSONWebKeySet> {
  const keys = await Promise.all([signing, ...others].map(publish))
  return { keys: [...new Map(keys.map((key) => [key.kid, key])).values()] }
}

async function publish({ kty, crv, x }: PrivateKey | PublicKey) {
  const kid = await calculateJwkThumbprint({ kty, crv, x })
  return { kty, crv, x, kid, alg: assertionRules.algorithm, use: 'sig' }
}

function derivePublicPart(jwk: { kty: string; crv: string; x: string; d: string }): string | undefined {
  return createPublicKey(createPrivateKey({ key: jwk, format: 'jwk' })).export({ format: 'jwk' }).x
}
