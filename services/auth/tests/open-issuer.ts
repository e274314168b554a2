import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose'

/** An issuer of access tokens somewhere else, with keys that can be fetched. */
export interface TestIssuer extends AsyncDisposable {
  readonly issuer: string
  /** As AUTH_TRUSTED_ISSUERS takes it. */
  readonly settings: { issuer: string; audience: string; jwks_url: string }
  readonly published: JWK[]
  /** How often the keys were fetched. */
  readonly fetches: () => number
  /** Status of the answer to the next fetches. */
  answerWith(status: number): void
  /** Adds a key, published or not, and returns what signs with it. */
  addKey(kid: string, options?: { alg?: string; isPublished?: boolean }): Promise<CryptoKey>
  sign(claims: object, key: CryptoKey, header?: Partial<JWTHeaderParameters>): Promise<string>
}

export async function openIssuer(): Promise<TestIssuer> {
  const published: JWK[] = []
  let [fetches, status] = [0, 200]
  const server = createServer((_request, response) => {
    fetches++
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ keys: published }))
  })
  const origin = await listen(server)
  const issuer = `${origin}/`
  return {
    issuer,
    settings: { issuer, audience: 'chat', jwks_url: `${origin}/keys` },
    published,
    fetches: () => fetches,
    answerWith: (next) => void (status = next),
    addKey: async (kid, { alg = 'RS256', isPublished = true } = {}) => {
      const { publicKey, privateKey } = await generateKeyPair(alg)
      if (isPublished) published.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' })
      return privateKey
    },
    sign: (claims, key, header) =>
      new SignJWT({ iss: issuer, aud: 'chat', exp: Math.floor(Date.now() / 1000) + 600, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'first', ...header })
        .sign(key),
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
