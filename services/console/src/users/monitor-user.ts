import { loadMonitoring, startMonitoring, stopMonitoring, type Monitoring } from '@omni2/db'
import { z } from 'zod'
import { makeChange } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofUser } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'
import { monitoringSchema } from './user-schemas.ts'

const mostSeconds = 24 * 3600

export const monitorUser = defineOperation({
  id: 'monitorUser',
  method: 'PUT',
  path: '/users/{user_id}/monitoring',
  summary: 'Shows the events of turns that the user begins from now on to operators, for a while.',
  params: ofUser,
  body: z.strictObject({ ttl_seconds: z.int().min(1).max(mostSeconds) }),
  answer: changeOf(monitoringSchema),
  handle: ({ params: { user_id: userId }, body }, context) =>
    makeChange<Monitoring>(
      {
        action: 'user.monitor',
        target: { type: 'user', id: String(userId) },
        read: async (transaction) => (await loadMonitoring(userId, transaction)) ?? null,
        write: async (_before, transaction) => {
          await findAccount(userId, transaction)
          const started = { ttlSeconds: body.ttl_seconds, startedBy: context.actor.userId }
          await startMonitoring(userId, started, transaction)
        },
        announce: () => [],
      },
      context,
    ),
})

export const stopMonitoringUser = defineOperation({
  id: 'stopMonitoringUser',
  method: 'DELETE',
  path: '/users/{user_id}/monitoring',
  summary: 'Ends the monitoring of a user and every live feed of it.',
  params: ofUser,
  answer: changeOf(monitoringSchema),
  handle: async ({ params: { user_id: userId } }, context) => {
    const made = await makeChange<Monitoring>(
      {
        action: 'user.stop_monitoring',
        target: { type: 'user', id: String(userId) },
        read: async (transaction) => (await loadMonitoring(userId, transaction)) ?? null,
        write: async (_before, transaction) => {
          await findAccount(userId, transaction)
          await stopMonitoring(userId, transaction)
        },
        announce: () => [],
      },
      context,
    )
    context.feeds.closeUser(userId)
    return made
  },
})
