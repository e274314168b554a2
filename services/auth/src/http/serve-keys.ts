import type { FastifyInstance } from 'fastify'
import type { JSONWebKeySet } from 'jose'

/** Seconds that a verifier may keep the keys; one that meets an unknown `kid` asks again at once. */
const maxAgeSeconds = 300

/** Serves the public keys of the identity assertion (RFC 7517). */
export function serveKeys(app: FastifyInstance, { keySet }: { keySet: JSONWebKeySet }): void {
  app.get('/.well-known/jwks.json', (_request, reply) =>
    reply
      .headers({
        'content-type': 'application/jwk-set+json',
        'cache-control': `public, max-age=${maxAgeSeconds}`,
      })
      .send(JSON.stringify(keySet)),
  )
}
