import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assertionRules } from '@omni2/contracts'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

interface Assertion {
  readonly userId: number
  readonly sid: string
  readonly method: string
  readonly path: string
  readonly audience?: string
}

/** Serves a public key as `auth` does, and signs assertions with the private one. */
export async function startSigner() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  /** The console must not trust the claim of a role. */
  const sign = ({ userId, sid, method, path, audience = assertionRules.audience }: Assertion) => {
    const issuedAt = Math.floor(Date.now() / 1000)
    return new SignJWT({ username: 'any', role: 'admin', sid, session_exp: 4_000_000_000, method, path })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test', typ: 'JWT' })
      .setSubject(String(userId))
      .setIssuer(assertionRules.issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + assertionRules.lifetimeSeconds)
      .sign(privateKey)
  }
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    sign,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
