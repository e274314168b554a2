import type { FastifyInstance } from 'fastify'
import { countOperation, type CountDeps } from './count-operation.ts'
import { validateRequest } from '../flow.ts'
import { readForwardedRequest } from '../proof/read-forwarded-request.ts'

type Deps = CountDeps & Parameters<typeof validateRequest>[1] & Parameters<typeof readForwardedRequest>[1]

/** Serves /validate for ForwardAuth: 200 with identity headers, 401 or 403 with the reason, whatever method and body come. */
export async function serveValidate(app: FastifyInstance, deps: Deps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, body, done) => {
      body.resume()
      done(null)
    })
    scope.all('/validate', async (request, reply) => {
      const validate = async () => validateRequest(readForwardedRequest(request, deps), deps)
      const identity = await countOperation('validate', validate, deps)
      return reply.headers({ ...identity, 'cache-control': 'no-store' }).send()
    })
  })
}
