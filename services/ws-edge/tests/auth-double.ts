import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assertionRules } from '@omni2/contracts'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'

export interface AssertionOptions {
  userId?: number
  sid?: string
  sessionExp?: number
  method?: string
  path?: string
  issuer?: string
  audience?: string
  /** Seconds before now at which it was issued. */
  age?: number
  lifetime?: number
  /** Signs with this instead of the published key. */
  key?: CryptoKey
}

/** Serves a public key as `auth` does, and signs assertions with the private one. */
export async function startAuthDouble() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }
  let isAway = false
  const server = createServer((_request, response) => {
    response.writeHead(isAway ? 503 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    goAway: (away: boolean) => (isAway = away),
    sign: (options: AssertionOptions = {}) => signAssertion(options.key ?? privateKey, options),
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

export type AuthDouble = Awaited<ReturnType<typeof startAuthDouble>>

function signAssertion(key: CryptoKey, options: AssertionOptions): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000) - (options.age ?? 0)
  return new SignJWT({
    username: 'alice',
    role: 'admin',
    sid: options.sid ?? 'login-1',
    session_exp: options.sessionExp ?? issuedAt + 3600,
    method: options.method ?? 'GET',
    path: options.path ?? '/ws/chat',
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'test', typ: 'JWT' })
    .setSubject(String(options.userId ?? 1))
    .setIssuer(options.issuer ?? assertionRules.issuer)
    .setAudience(options.audience ?? assertionRules.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (options.lifetime ?? 60))
    .sign(key)
}
