import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { subjects } from '@omni2/contracts'
import { loadMonitoring } from '@omni2/db'
import { checkActor } from '../request/admit-request.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { defineStream, type RequestContext } from '../request/operation.ts'
import { ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'

/** Bytes that may wait for the reader of a live feed; above that it is cut. */
const liveBytes = 1024 * 1024

export const followUser = defineStream({
  id: 'followUser',
  method: 'GET',
  path: '/users/{user_id}/live',
  refuses: ['not_monitored', 'too_many_feeds'],
  summary:
    'Events of a monitored user as they happen: event `flow`, data as in `flow.live`, until the monitoring ends.',
  params: ofUser,
  handle: async ({ params: { user_id: userId } }, context, reply) => {
    await findAccount(userId, context.database)
    if (!(await loadMonitoring(userId, context.database))) throw new ConsoleRefused('not_monitored')
    const ending = new AbortController()
    using _place = context.feeds.add({ userId, close: () => ending.abort() })
    reply.hijack()
    await follow(userId, reply.raw, ending, context)
  },
})

/** Passes events on until the reader leaves or is too slow, the monitoring ends, or the right to read it does. */
async function follow(
  userId: number,
  response: ServerResponse,
  ending: AbortController,
  context: RequestContext,
): Promise<void> {
  const { bus, config, requestId } = context
  response.on('close', () => ending.abort())
  response.on('error', () => ending.abort())
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    // Kept alive, a connection whose feed ends while the server closes would hold it up until it times out.
    connection: 'close',
    'x-request-id': requestId,
  })
  const subscription = bus.subscribe(subjects.flowLive(userId), (payload) => {
    response.write(`event: flow\ndata: ${Buffer.from(payload).toString('utf8')}\n\n`)
    if (response.writableLength > liveBytes) response.destroy()
  })
  try {
    await Promise.race([bus.flush(), once(ending.signal, 'abort')])
    response.write(': following\n\n')
    while (!ending.signal.aborted && !response.destroyed && (await mayGoOn(userId, context))) {
      await sleep(config.CONSOLE_LIVE_COMMENT_MS, null, { signal: ending.signal }).catch(() => null)
      response.write(': \n\n')
    }
  } finally {
    subscription.unsubscribe()
    response.end()
  }
}

async function mayGoOn(userId: number, { actor, database, config, log }: RequestContext): Promise<boolean> {
  try {
    await checkActor(actor, 'read', { database, config })
    return (await loadMonitoring(userId, database)) !== undefined
  } catch (err) {
    log.info({ err }, 'live feed ended')
    return false
  }
}
