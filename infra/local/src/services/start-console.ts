import { findFreePort } from '@omni2/local-servers'
import { natsUrlFor, serviceDatabaseUrl } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startService } from './start-service.ts'

interface ConsoleDeps extends ServiceDeps {
  readonly auth: { readonly url: string }
}

export async function startConsole(deps: ConsoleDeps): Promise<StartedProcess> {
  const { auth } = deps
  const port = await findFreePort()
  const console = {
    name: 'console-1',
    group: 'edges' as const,
    script: 'services/console/src/main.ts',
    url: `http://127.0.0.1:${port}`,
    own: {
      CONSOLE_PORT: String(port),
      DATABASE_URL: serviceDatabaseUrl(deps),
      NATS_URL: natsUrlFor('console', deps),
      AUTH_JWKS_URL: `${auth.url}/.well-known/jwks.json`,
    },
  }
  return startService(console, deps)
}
