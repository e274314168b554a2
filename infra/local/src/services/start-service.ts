import { bundleOf, type Program } from '@omni2/bundles'
import { findFreePort } from '@omni2/local-servers'
import type { Environment } from '@omni2/service-kit'
import { launchService } from '../supervise/launch-service.ts'
import type { Progress } from '../output/progress.ts'
import type { StopGroup, Supervisor } from '../supervise/supervisor.ts'
import { makeServiceEnvironment, type Stack } from './service-environment.ts'

/** One process that runs and where it is reached. */
export interface StartedProcess {
  readonly name: string
  readonly pid: number | null
  /** Where it serves users, else its health address. */
  readonly url: string
}

export interface Startable {
  readonly name: string
  readonly group: StopGroup
  readonly program: Program
  readonly own: Environment
  /** Conditions of its readiness that an operator can meet while it runs: they do not keep everything from starting. */
  readonly operatorConditions?: readonly string[]
  /** Where it serves users; absent for those that serve none. */
  readonly url?: string
}

export interface ServiceDeps extends Stack {
  /** The clone. */
  readonly root: string
  readonly supervisor: Supervisor
  readonly progress: Progress
}

/** Time beyond a service's own shutdown deadline after which it is killed. */
const graceMs = 2000

/** Starts one service under the supervisor and resolves when it is ready. */
export async function startService(service: Startable, deps: ServiceDeps): Promise<StartedProcess> {
  const { name, group, operatorConditions: conditions = [] } = service
  const healthPort = await findFreePort()
  const healthUrl = `http://127.0.0.1:${healthPort}`
  const env = makeServiceEnvironment(name, healthPort, service.own, deps)
  const spec = {
    name,
    script: bundleOf(service.program),
    env,
    readyUrl: `${healthUrl}/readyz`,
    operators: { conditions, say: (line: string) => deps.progress.say(line) },
    stopDeadlineMs: Number(env['SHUTDOWN_DEADLINE_MS']) + graceMs,
  }
  const open = (signal: AbortSignal) => launchService(spec, { folders: deps.folder, signal })
  const { pid } = await deps.progress.step(name, () => deps.supervisor.keep(group, { name, open }))
  return { name, pid, url: service.url ?? healthUrl }
}

/** Starts several at once, named `<kind>-<number>`. */
export async function startReplicas(
  kind: string,
  numbers: readonly number[],
  describe: (name: string) => Promise<Omit<Startable, 'name'>>,
  deps: ServiceDeps,
): Promise<StartedProcess[]> {
  const names = numbers.map((number) => `${kind}-${number}`)
  const starting = names.map(async (name) => startService({ name, ...(await describe(name)) }, deps))
  // All have settled before the first failure is thrown, so that the supervisor knows what it has to stop.
  await Promise.allSettled(starting)
  return Promise.all(starting)
}
