import { fastify, type FastifyInstance } from 'fastify'
import type { Logger } from '@omni2/service-kit'
import { acceptEmptyBody } from './http/accept-empty-body.ts'
import { answerErrors } from './http/answer-errors.ts'
import { serveInvitation } from './http/serve-invitation.ts'
import { serveKeys } from './http/serve-keys.ts'
import { serveLogin } from './http/serve-login.ts'
import { serveLogout } from './http/serve-logout.ts'
import { serveMe } from './http/serve-me.ts'
import { servePreflights } from './http/serve-preflights.ts'
import { serveRefresh } from './http/serve-refresh.ts'
import { serveTicket } from './http/serve-ticket.ts'
import { serveValidate } from './http/serve-validate.ts'

interface Address {
  readonly host: string
  readonly port: number
}

type Deps = { readonly log: Logger } & Parameters<typeof answerErrors>[1] &
  Parameters<typeof servePreflights>[1] &
  Parameters<typeof serveValidate>[1] &
  Parameters<typeof serveLogin>[1] &
  Parameters<typeof serveInvitation>[1] &
  Parameters<typeof serveMe>[1] &
  Parameters<typeof serveRefresh>[1] &
  Parameters<typeof serveLogout>[1] &
  Parameters<typeof serveTicket>[1] &
  Parameters<typeof serveKeys>[1]

/** Largest request body, in bytes; more is answered 413. */
const bodyBytes = 8 * 1024
/** How long a client may take to send a request, in milliseconds. */
const requestTimeout = 10_000

/** Serves everything of `auth` on one port; dispose waits for running requests. */
export async function openHttpServer(address: Address, deps: Deps): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: bodyBytes, requestTimeout })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
  })
  servePreflights(app, deps)
  // Fastify takes it by itself, and a form of a foreign page can send it without asking first.
  app.removeContentTypeParser('text/plain')
  answerErrors(app, deps)
  await serveValidate(app, deps)
  serveLogin(app, deps)
  serveInvitation(app, deps)
  serveMe(app, deps)
  await app.register(async (scope) => {
    acceptEmptyBody(scope)
    serveRefresh(scope, deps)
    serveLogout(scope, deps)
    serveTicket(scope, deps)
  })
  serveKeys(app, deps)
  await app.listen({ host: address.host, port: address.port })
  return app
}
