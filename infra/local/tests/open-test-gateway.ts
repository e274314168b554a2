import { openLogger } from '@omni2/service-kit'
import { findFreePort } from '@omni2/testkit'
import { readGatewayConfig } from '../src/gateway/config.ts'
import { openGateway } from '../src/gateway/open-gateway.ts'

/** A gateway on a free port in front of these upstreams. */
export async function openTestGateway({
  auth,
  edges,
  console = 'http://127.0.0.1:1',
  env = {},
  silent,
}: {
  auth: string
  edges: readonly string[]
  console?: string
  env?: Readonly<Record<string, string>>
  silent?: ReadonlySet<string>
}) {
  const port = await findFreePort()
  const config = readGatewayConfig({
    GATEWAY_PORT: String(port),
    AUTH_URL: auth,
    EDGE_URLS: edges.join(','),
    CONSOLE_URL: console,
    GATEWAY_CONNECT_TIMEOUT_MS: '1000',
    ...env,
  })
  const log = openLogger({ name: 'gateway', instance: 'gateway', level: 'silent' })
  return openGateway(config, { log, ...(silent && { silent }) })
}
