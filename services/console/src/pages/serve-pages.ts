import { access } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { pagesFolder } from '@omni2/pages'
import { pageHeaders } from './page-headers.ts'

/** Paths of pages, which all begin as one document; the gateways send these here, and what is in `assets`. */
const pagePaths = [
  '/',
  '/login',
  '/login/invitation',
  '/chat/*',
  '/analytics/*',
  '/live',
  '/admin',
  '/admin/*',
] as const

/** Serves the pages as they were built: the document fresh each time, what it names by content for ever. */
export async function servePages(app: FastifyInstance): Promise<void> {
  if (!(await isThere(join(pagesFolder, 'index.html')))) return answerUnbuilt(app)
  await app.register(fastifyStatic, {
    root: pagesFolder,
    serve: false,
    preCompressed: true,
    // The headers of this service say how long a file may be kept.
    cacheControl: false,
  })
  const method = ['GET', 'HEAD']
  for (const url of pagePaths)
    app.route({
      method,
      url,
      handler: (_request, reply) => reply.headers(pageHeaders).sendFile('index.html'),
    })
  app.route({
    method,
    url: '/assets/*',
    handler: (request, reply) => sendKept(reply, request.url.replaceAll(/^\/|\?.*$/gs, '')),
  })
  app.route({
    method,
    url: '/favicon.svg',
    handler: (_request, reply) => reply.header('cache-control', 'max-age=86400').sendFile('favicon.svg'),
  })
}

/** A file that is named by its content never changes. */
const sendKept = (reply: FastifyReply, file: string) =>
  reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(file)

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

function answerUnbuilt(app: FastifyInstance): void {
  for (const path of pagePaths)
    app.get(path, (_request, reply) =>
      reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send(
          'The pages are not built: run `pnpm --filter @omni2/pages build`, or `npm start`, which does it.\n',
        ),
    )
}
