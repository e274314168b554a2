import { once } from 'node:events'
import { type ListedFlow, listFlows, type Place } from '@omni2/db'
import { z } from 'zod'
import { defineStream } from '../request/operation.ts'
import { flowFilter } from './flow-schemas.ts'
import { ofActor } from './read-flows.ts'
import { exportFormats, exportWriters } from './write-export.ts'

/** Turns of one step of an export. */
const stepTurns = 500

export const exportFlows = defineStream({
  id: 'exportFlows',
  api: 'chat',
  method: 'GET',
  path: '/flow-export',
  summary: 'All turns that match, as CSV or JSON, the newest first.',
  contentTypes: Object.values(exportWriters).map(({ contentType }) => contentType),
  query: z.strictObject({ ...flowFilter, format: z.enum(exportFormats) }),
  handle: async ({ query: { format, ...given } }, { actor, database, requestId, log }, reply) => {
    const filter = ofActor(given, actor)
    const readAfter = (after: Place | undefined) => listFlows(filter, { after, limit: stepTurns }, database)
    // What cannot be read at all is refused with a status; later the connection breaks off.
    let rows = await readAfter(undefined)
    const { contentType, begin, row, end } = exportWriters[format]
    reply.hijack()
    const response = reply.raw
    response.writeHead(200, {
      'content-type': contentType,
      'content-disposition': `attachment; filename="turns.${format}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    })
    try {
      response.write(begin)
      let isFirst = true
      while (!response.destroyed && rows.length > 0) {
        const text = rows.map((flow, index) => row(flow, isFirst && index === 0)).join('')
        isFirst = false
        if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
        rows = rows.length < stepTurns ? [] : await readAfter(placeOf(rows.at(-1)))
      }
      response.end(end)
    } catch (err) {
      log.error({ err }, 'export broken off')
      response.destroy()
    }
  },
})

const placeOf = (last: ListedFlow | undefined): Place | undefined =>
  last && { at: last.place, id: last.session_id }
