import type { RunningServer } from '@omni2/local-servers'
import type { DataFolder } from '@omni2/cli/data-folder'
import type { SeededUser } from '../seed/seed-demo-users.ts'
import type { Servers } from '../servers/open-servers.ts'
import type { ModelServer } from '../services/choose-model.ts'
import { natsUrlFor, type Stack } from '../services/service-environment.ts'
import type { StartedProcess } from '../services/start-service.ts'
import { maskPasswords } from './mask-passwords.ts'

/** Everything to report once it all runs. */
export interface Run {
  readonly url: string
  readonly databaseUrl: string
  readonly natsUrl: string
  readonly redisUrl: string | null
  readonly model: Pick<ModelServer, 'name' | 'description'>
  /** Of the supervisor. */
  readonly pid: number
  readonly processes: readonly StartedProcess[]
  readonly users: readonly SeededUser[]
  readonly folder: DataFolder
  /** Notes of the servers for the person. */
  readonly notes: readonly string[]
}

interface Parts extends Stack {
  readonly servers: Servers
  readonly gateway: StartedProcess
  readonly services: readonly StartedProcess[]
  readonly model: ModelServer
  readonly users: readonly SeededUser[]
}

export function describeRun(parts: Parts): Run {
  const { servers, gateway, services, model, users, folder } = parts
  return {
    url: gateway.url,
    databaseUrl: showUrl(servers.postgres),
    // For the operator: this user sees streams, consumers and dead letters.
    natsUrl: showUrl({ ...servers.nats, url: natsUrlFor('migrate', parts) }),
    redisUrl: servers.redis === undefined ? null : showUrl(servers.redis),
    model,
    pid: process.pid,
    processes: [...services, ...listServers(servers)],
    users,
    folder,
    notes: listNotes(servers),
  }
}

function listServers(servers: Servers): StartedProcess[] {
  const running = [servers.postgres, servers.nats, servers.redis].filter((server) => server !== undefined)
  return running.map((server) => ({ name: server.name, pid: server.pid ?? null, url: showUrl(server) }))
}

/** The address of a started server has its password; that of a given server does not show it. */
const showUrl = ({ source, url }: Pick<RunningServer, 'source' | 'url'>): string =>
  source === 'given' ? maskPasswords(url) : url

function listNotes({ postgres, nats, redis }: Servers): string[] {
  const notes = [postgres, nats, redis].flatMap((server) =>
    (server?.notes ?? []).map((note) => `${server?.name}: ${note}`),
  )
  if (redis === undefined)
    notes.push('no Redis: rates (requests a minute) are kept in memory, by each worker for itself')
  return notes
}
