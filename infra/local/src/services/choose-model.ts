import { bundleOf } from '@omni2/bundles'
import { findFreePort } from '@omni2/local-servers'
import type { Environment } from '@omni2/service-kit'
import type { StartConfig } from '../options/start-config.ts'
import { launchService } from '../supervise/launch-service.ts'
import { supportStopMs } from './service-environment.ts'
import type { ServiceDeps, StartedProcess } from './start-service.ts'

/** The server that answers as the model. */
export interface ModelServer {
  readonly name: string
  /** One sentence for the summary. */
  readonly description: string
  /** What workers need to reach it. */
  readonly env: Environment
  /** Its process where it was started here. */
  readonly processes: readonly StartedProcess[]
}

/** For servers that ask for no key; the workers' client insists on having one. */
const noKey = 'none-given'

/** The model of ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL; without either a simulator, started here. */
export async function chooseModel(deps: ServiceDeps): Promise<ModelServer> {
  return findGivenModel(deps.config) ?? (await startSimulator(deps))
}

/** The model that is given; undefined where the simulator plays it. */
export function findGivenModel(config: StartConfig): ModelServer | undefined {
  const { MODEL, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL } = config
  if (ANTHROPIC_API_KEY === undefined && ANTHROPIC_BASE_URL === undefined) return undefined
  const place = ANTHROPIC_BASE_URL === undefined ? "Anthropic's API" : new URL(ANTHROPIC_BASE_URL).origin
  return {
    name: MODEL,
    description: `${MODEL} at ${place}${ANTHROPIC_API_KEY === undefined ? ', without an API key' : ''}`,
    env: { ANTHROPIC_API_KEY: ANTHROPIC_API_KEY ?? noKey, ANTHROPIC_BASE_URL, MODEL },
    processes: [],
  }
}

/** What workers need to reach a simulator. */
export const simulatorEnvironment = ({ MODEL }: StartConfig, url: string): Environment => ({
  ANTHROPIC_API_KEY: noKey,
  ANTHROPIC_BASE_URL: url,
  MODEL,
})

async function startSimulator(deps: ServiceDeps): Promise<ModelServer> {
  const name = 'model-simulator-1'
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const spec = {
    name,
    script: bundleOf('model-simulator'),
    args: ['--port', String(port)],
    env: {
      PATH: deps.env['PATH'],
      NODE_COMPILE_CACHE: deps.env['NODE_COMPILE_CACHE'] ?? deps.folder.compileCache,
    },
    readyUrl: `${url}/_log`,
    stopDeadlineMs: supportStopMs,
  }
  const open = (signal: AbortSignal) => launchService(spec, { folders: deps.folder, signal })
  const { pid } = await deps.progress.step(name, () => deps.supervisor.keep('support', { name, open }))
  const { MODEL } = deps.config
  return {
    name: MODEL,
    description: `${MODEL}, played by a local simulator (set ANTHROPIC_API_KEY in .env for the real one)`,
    env: simulatorEnvironment(deps.config, url),
    processes: [{ name, pid, url }],
  }
}
