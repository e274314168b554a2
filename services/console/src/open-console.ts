import { randomUUID } from 'node:crypto'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from '@omni2/service-kit'
import { answerErrors } from './serve/answer-errors.ts'
import { countAnswer } from './serve/count-answer.ts'
import { serveOperation, type FlowDeps } from './flow.ts'
import { servePages } from './pages/serve-pages.ts'
import type { ConsoleMetrics } from './metrics.ts'
import { apiPaths, type Operation } from './request/operation.ts'
import { chatOperations, operations } from './operations.ts'

/** How long a client may take to send a request, in milliseconds. */
const requestTimeout = 10_000

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly operation?: Operation
  }
}

interface ConsoleDeps extends FlowDeps {
  readonly metrics: ConsoleMetrics
  readonly log: Logger
}

/** Serves the Admin API, the pages and their API on its port; dispose waits for running requests and ends live feeds. */
export async function openConsole(deps: ConsoleDeps): Promise<FastifyInstance> {
  const { config, log, feeds } = deps
  const app: FastifyInstance = fastify({
    bodyLimit: config.CONSOLE_BODY_BYTES,
    requestTimeout,
    exposeHeadRoutes: false,
    loggerInstance: log,
    disableRequestLogging: true,
    requestIdHeader: false,
    requestIdLogLabel: 'request_id',
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 400 },
  }) as unknown as FastifyInstance
  app.server.maxConnections = config.CONSOLE_MAX_CONNECTIONS
  app.addHook('preClose', async () => feeds.close())
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
    })
    countOnceSent(request, reply, deps)
  })
  acceptOnlyJson(app)
  answerErrors(app, deps)
  for (const operation of [...operations, ...chatOperations]) {
    app.route({
      method: operation.method,
      url: `${apiPaths[operation.api]}${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      config: { operation },
      handler: (request, reply) => serveOperation(operation, request, reply, deps),
    })
  }
  await servePages(app)
  await app.listen({ host: config.CONSOLE_HOST, port: config.CONSOLE_PORT })
  return app
}

/** Fastify's onResponse leaves out answers that the client cut off, which is how a live feed mostly ends. */
function countOnceSent(
  { method, routeOptions }: FastifyRequest,
  reply: FastifyReply,
  deps: Pick<ConsoleDeps, 'metrics'>,
): void {
  reply.raw.once('close', () => {
    if (!reply.raw.headersSent) return
    const answered = { method, status: reply.raw.statusCode, seconds: reply.elapsedTime / 1000 }
    countAnswer(routeOptions.config.operation, answered, deps)
  })
}

/** A body that says it is JSON may be empty; any other kind is refused, so that no form of a foreign page gets through. */
function acceptOnlyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, String(body), done)
  })
}
