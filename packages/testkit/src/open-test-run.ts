import type { Log } from '@omni2/local-servers'
import { announceSlow } from './announce-slow.ts'
import { buildPages, buildPrograms } from './build.ts'
import { compileServices } from './compile-services.ts'
import { chooseServers } from './choose-servers.ts'
import { openTemplate } from './open-template.ts'
import { findLeftovers } from './find-leftovers.ts'
import { openRunFolder, removeRunFolder, temporaryFolderOf } from './run-folder.ts'
import type { TestRun } from './test-run.ts'
import type { TestSettings } from './test-settings.ts'

export interface OpenedTestRun extends AsyncDisposable {
  readonly run: TestRun
}

/** Starts one Postgres with a migrated template and one Redis, and finds the way to run nats-server. */
export async function openTestRun(settings: TestSettings, { log }: { log: Log }): Promise<OpenedTestRun> {
  await using opening = new AsyncDisposableStack()
  const folder = await openRunFolder({ log })
  opening.defer(() => removeFolder(folder))
  const servers = await chooseServers(settings, { folder, log })
  const compiling = announceSlow('bundling and compiling the services', compileBundles(folder), { log })
  const building = announceSlow('building the pages', buildPages(), { log })
  const starting = [
    announceSlow('starting Postgres', servers.openPostgres(), { log }),
    announceSlow('starting Redis', servers.openRedis(), { log }),
    announceSlow('finding nats-server', servers.findNats(), { log }),
  ] as const
  // All have to settle first: a failure of one must not leave the others running.
  for (const started of await Promise.allSettled(starting)) {
    if (started.status === 'fulfilled' && Symbol.asyncDispose in started.value) opening.use(started.value)
  }
  const [postgres, redis, nats] = await Promise.all(starting)
  const template = opening.use(await announceSlow('migrating', openTemplate(postgres.url), { log }))
  await Promise.all([compiling, building])
  const run = {
    folder,
    postgresUrl: postgres.url,
    templateDatabase: template.name,
    redisUrl: redis.url,
    nats,
  }
  const stopping = opening.move()
  return { run, [Symbol.asyncDispose]: async () => stopping.disposeAsync() }
}

/** As services that tests start load them. */
async function compileBundles(folder: string) {
  await buildPrograms()
  await compileServices(folder)
}

/** Rejects when tests left processes or folders behind: the run has failed then. */
async function removeFolder(folder: string) {
  const leftovers = await findLeftovers(folder, temporaryFolderOf(folder))
  await removeRunFolder(folder)
  if (leftovers.length > 0) throw new Error(`tests left behind: ${leftovers.join(', ')}`)
}
