import { findFreePort } from '@omni2/local-servers'
import type { Environment } from '@omni2/service-kit'
import { natsUrlFor, serviceDatabaseUrl, type Stack } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startService } from './start-service.ts'

interface Auth {
  readonly auth: { readonly url: string }
}

export async function startConsole(deps: ServiceDeps & Auth): Promise<StartedProcess> {
  const port = await findFreePort()
  const console = {
    name: 'console-1',
    group: 'edges' as const,
    program: 'console' as const,
    url: `http://127.0.0.1:${port}`,
    own: consoleEnvironment(port, deps),
  }
  return startService(console, deps)
}

export function consoleEnvironment(port: number, deps: Stack & Auth): Environment {
  const { auth } = deps
  return {
    CONSOLE_PORT: String(port),
    DATABASE_URL: serviceDatabaseUrl(deps),
    NATS_URL: natsUrlFor('console', deps),
    AUTH_JWKS_URL: `${auth.url}/.well-known/jwks.json`,
  }
}
