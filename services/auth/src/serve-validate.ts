import type { FastifyInstance } from 'fastify'
import { validateRequest } from './flow.ts'
import { readForwardedRequest } from './read-forwarded-request.ts'

/** Serves /validate for ForwardAuth: 200 with identity headers, 401 with the reason, whatever method and body come. */
export async function serveValidate(
  app: FastifyInstance,
  deps: Parameters<typeof validateRequest>[1],
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, body, done) => {
      body.resume()
      done(null)
    })
    scope.all('/validate', async ({ headers, method, url }, reply) => {
      const identity = await validateRequest(readForwardedRequest({ headers, method, url }), deps)
      return reply.headers({ ...identity, 'cache-control': 'no-store' }).send()
    })
  })
}
