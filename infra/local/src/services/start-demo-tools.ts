import { join } from 'node:path'
import { findFreePort } from '@omni2/local-servers'
import { insertDemoTools } from '../seed/insert-demo-tools.ts'
import type { SeededUser } from '../seed/seed-demo-users.ts'
import { launchService } from '../supervise/launch-service.ts'
import { supportStopMs } from './service-environment.ts'
import type { ServiceDeps, StartedProcess } from './start-service.ts'

/** Starts the MCP server whose tools the demo users have, and names its address in the database; not without them. */
export async function startDemoTools(
  users: readonly SeededUser[],
  deps: ServiceDeps,
): Promise<StartedProcess[]> {
  if (users.length === 0) return []
  const name = 'demo-tools-1'
  const [port, healthPort] = [await findFreePort(), await findFreePort()]
  const url = `http://127.0.0.1:${port}/mcp`
  const spec = {
    name,
    script: join(deps.root, 'infra/local/src/demo-tools/main.ts'),
    args: [String(port), String(healthPort)],
    // One of its tools returns its environment, another fetches any URL: neither finds anything here.
    env: { GZIP_ALLOWED_DOMAINS: 'demo.invalid' },
    readyUrl: `http://127.0.0.1:${healthPort}/readyz`,
    stopDeadlineMs: supportStopMs,
  }
  const open = (signal: AbortSignal) => launchService(spec, { folders: deps.folder, signal })
  const { pid } = await deps.progress.step(name, () => deps.supervisor.keep('support', { name, open }))
  await insertDemoTools(deps.servers.postgres.url, url)
  return [{ name, pid, url }]
}
