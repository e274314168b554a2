import { z } from 'zod'

/** Signatures that are made with a private key: a published key can never serve as a shared secret (RFC 8725 §3.1). */
const asymmetricAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** An attacker who can change the answer on its way decides who may log in. */
function isTamperProof(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || loopbackHosts.has(hostname)
}

/** `AUTH_TRUSTED_ISSUERS`: the issuers whose access tokens are accepted beside our own. */
export const trustedIssuersSchema = z
  .array(
    z.strictObject({
      issuer: z.string().min(1),
      audience: z.string().min(1),
      jwks_url: z
        .url({ protocol: /^https?$/ })
        .refine(isTamperProof, 'must be https, or http on loopback')
        .transform((url) => new URL(url)),
      algorithms: z.array(z.enum(asymmetricAlgorithms)).min(1).default(['RS256', 'ES256', 'EdDSA']),
      user_claim: z.string().min(1).default('sub'),
    }),
  )
  .max(20)
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'has an issuer twice')

export type TrustedIssuerSettings = z.output<typeof trustedIssuersSchema>
