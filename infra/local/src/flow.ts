import { once } from 'node:events'
import type { Environment } from '@omni2/service-kit'
import { build } from './build.ts'
import { checkPort } from './check-port.ts'
import { claimDataFolder } from './data-folder/claim-data-folder.ts'
import { makeDataFolder } from './data-folder/make-data-folder.ts'
import { endLeftovers } from './data-folder/end-leftovers.ts'
import { openSecrets } from './data-folder/secrets.ts'
import { checkGivenServers } from './given-servers/check-given-servers.ts'
import { migrateDatabase } from './migrate-database.ts'
import { migrateStreams } from './migrate-streams.ts'
import type { StartOptions } from './options/read-start-options.ts'
import type { StartConfig } from './options/start-config.ts'
import { describeRun, type Run } from './output/describe-run.ts'
import type { Progress } from './output/progress.ts'
import { seedDemoUsers } from './seed/seed-demo-users.ts'
import { openServers } from './servers/open-servers.ts'
import { chooseModel } from './services/choose-model.ts'
import { startAuth } from './services/start-auth.ts'
import { startConsole } from './services/start-console.ts'
import { startDemoTools } from './services/start-demo-tools.ts'
import { startEdges } from './services/start-edges.ts'
import { startGateway } from './services/start-gateway.ts'
import { startRecorders } from './services/start-recorders.ts'
import { startWorkers } from './services/start-workers.ts'
import { Fleet } from './services/fleet.ts'
import { serveScaleRequests } from './services/serve-scale-requests.ts'
import { natsUrlFor, serviceDatabaseUrl } from './services/service-environment.ts'
import { Supervisor } from './supervise/supervisor.ts'

export interface FlowDeps {
  /** The clone. */
  readonly root: string
  /** The environment with `.env`. */
  readonly env: Environment
  readonly config: StartConfig
  readonly progress: Progress
  /** Aborts to stop everything in order. */
  readonly stopping: AbortSignal
  /** Aborts to stop everything at once. */
  readonly forced: AbortSignal
  /** Called once, when everything is ready. */
  readonly announce: (run: Run) => void
}

/** Brings everything up, keeps it running until `stopping` aborts, and takes it down in the order of `stopOrder`. */
export async function runLocally(options: StartOptions, deps: FlowDeps): Promise<void> {
  const { progress, stopping, forced } = deps
  const url = `http://127.0.0.1:${options.port}`
  const folder = await makeDataFolder(options.dataFolder)
  await using claim = await claimDataFolder(folder, { ...deps, url })
  await endLeftovers(folder, { progress })
  await checkPort(options.port)
  await checkGivenServers(deps.config, { progress })
  await build({ progress })
  const secrets = await openSecrets(folder.secretsFile)
  await using supervisor = new Supervisor({ report: (line) => progress.say(line), signal: stopping })
  forced.addEventListener('abort', () => supervisor.kill())

  const servers = await openServers({ ...deps, folder, secrets, supervisor })
  await claim.update({ databaseUrl: servers.postgres.url })
  const databaseUrl = servers.postgres.url
  const serviceUrl = serviceDatabaseUrl({ config: deps.config, secrets, servers })
  await migrateDatabase({ databaseUrl, serviceUrl }, { progress })
  await migrateStreams(natsUrlFor('migrate', { ...deps, secrets, servers }), {
    replicas: deps.config.NATS_STREAM_REPLICAS,
    progress,
  })
  const users = await seedDemoUsers(servers.postgres, options, { secrets, progress })

  const stack = { ...deps, folder, secrets, servers, supervisor }
  const model = await chooseModel(stack)
  const tools = await startDemoTools(users, stack)
  const auth = await startAuth(stack)
  const start = {
    recorders: (numbers: readonly number[]) => startRecorders(numbers, stack),
    workers: (numbers: readonly number[]) => startWorkers(numbers, { ...stack, model }),
    edges: (numbers: readonly number[]) => startEdges(numbers, { ...stack, auth }),
  }
  const fleet = new Fleet({ start, supervisor, edgesFile: folder.edgesFile })
  await fleet.scale(options)
  const console = await startConsole({ ...stack, auth })
  const { edgesFile } = folder
  const gateway = await startGateway({ ...stack, port: options.port, auth, edgesFile, console })

  serveScaleRequests(fleet, { ...deps, folder, claim })
  await claim.update({ ready: true, counts: fleet.counts })
  const services = [gateway, console, ...fleet.processes, auth, ...tools, ...model.processes]
  deps.announce(describeRun({ ...stack, gateway, services, model, users }))
  if (!stopping.aborted) await once(stopping, 'abort')
  progress.say('stopping: edges, workers, recorders, then the servers')
}
