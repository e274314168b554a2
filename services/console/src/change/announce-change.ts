import type { Bus } from '@omni2/bus'
import { subjects, type ControlMessage, type PricesChange, type ToolsChange } from '@omni2/contracts'
import { listUserIdsOfRole, type Database } from '@omni2/db'
import { withDeadline, type Logger } from '@omni2/service-kit'
import type { ConsoleConfig } from '../config.ts'

type UserChange = ControlMessage['change']

/** Whom a change concerns: a user, all users of a role, or the users of an MCP server or a model. */
export type Announcement =
  | { readonly userId: number; readonly change: UserChange }
  | { readonly role: string; readonly change: UserChange }
  | { readonly server: string }
  | { readonly model: string }

interface AnnounceDeps {
  readonly bus: Pick<Bus, 'publish' | 'flush'>
  readonly database: Pick<Database, 'db'>
  readonly config: Pick<ConsoleConfig, 'CONSOLE_ANNOUNCED_USERS'>
  readonly log: Pick<Logger, 'warn'>
}

/** Users that are read at once, and longest wait for the server to confirm what it was given, in milliseconds. */
const batchSize = 1000
const confirmMs = 2000

/**
 * Announces a committed change to edges and workers. False when NATS does not confirm it, or when a role has more users
 * than one change announces: edges and workers find the change at their own checks, each minute and before each turn.
 */
export async function announceChange(
  announcements: readonly Announcement[],
  deps: AnnounceDeps,
): Promise<boolean> {
  if (announcements.length === 0) return true
  try {
    const complete = await Promise.all(announcements.map((announcement) => publish(announcement, deps)))
    await withDeadline(deps.bus.flush(), { ms: confirmMs })
    if (complete.every(Boolean)) return true
    deps.log.warn('role with many users: its change was not announced for all of them')
  } catch (err) {
    deps.log.warn({ err }, 'change not announced: found at the next check')
  }
  return false
}

async function publish(announcement: Announcement, deps: AnnounceDeps): Promise<boolean> {
  if ('server' in announcement) {
    const message = { server: announcement.server } satisfies ToolsChange
    deps.bus.publish(subjects.controlOfTools, JSON.stringify(message))
    return true
  }
  if ('model' in announcement) {
    const message = { model: announcement.model } satisfies PricesChange
    deps.bus.publish(subjects.controlOfPrices, JSON.stringify(message))
    return true
  }
  if ('role' in announcement) return publishToRole(announcement, deps)
  publishToUser(announcement.userId, announcement.change, deps)
  return true
}

function publishToUser(userId: number, change: UserChange, { bus }: Pick<AnnounceDeps, 'bus'>): void {
  const message = { user_id: userId, change, sid: null } satisfies ControlMessage
  bus.publish(subjects.controlOfUser(userId), JSON.stringify(message))
}

/** False when the role has more users than one change announces. */
async function publishToRole(
  { role, change }: { role: string; change: UserChange },
  deps: AnnounceDeps,
): Promise<boolean> {
  let left = deps.config.CONSOLE_ANNOUNCED_USERS
  let after = 0
  for (;;) {
    const limit = Math.min(batchSize, left + 1)
    const ids = await listUserIdsOfRole(role, { after, limit }, deps.database)
    for (const id of ids.slice(0, left)) publishToUser(id, change, deps)
    if (ids.length > left) return false
    if (ids.length < limit) return true
    left -= ids.length
    after = ids.at(-1) ?? after
  }
}
