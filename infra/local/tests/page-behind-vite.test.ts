import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createViteServer } from 'vitest/node'
import { openTestGateway } from './open-test-gateway.ts'
import { openUpstream, switching } from './open-upstream.ts'
import { requestUpgrade } from './request-upgrade.ts'
import { root } from './run-command.ts'

/** The configuration of docs/your-app-in-front.md, for a gateway at this URL. */
async function readDocumentedConfig(gatewayUrl: string): Promise<string> {
  const page = await readFile(join(root, 'docs/your-app-in-front.md'), 'utf8')
  const config = /```js\n(import \{ defineConfig \} from 'vite'\n.*?)```/s.exec(page)?.[1]
  if (config === undefined) throw new Error('docs/your-app-in-front.md has no vite.config.js')
  return config
    .replace("import { defineConfig } from 'vite'\n", 'const defineConfig = (config) => config\n')
    .replace('http://127.0.0.1:8080', gatewayUrl)
}

async function startVite(gatewayUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), 'omni2-vite-'))
  const configFile = join(folder, 'vite.config.mjs')
  await writeFile(configFile, await readDocumentedConfig(gatewayUrl))
  const server = await createViteServer({
    root: folder,
    configFile,
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0, hmr: false },
    optimizeDeps: { noDiscovery: true },
  })
  await server.listen()
  const address = server.httpServer?.address()
  if (address === null || address === undefined || typeof address === 'string') throw new Error('no port')
  return {
    host: `127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

test('vite - configured as documented - leaves the host to which a page belongs, for requests and sockets', async () => {
  const identity = { 'x-user-id': '1', 'x-omni2-identity': 'signed' }
  await using auth = await openUpstream({
    respond: (_asked, response) => response.writeHead(200, identity).end(),
  })
  await using edge = await openUpstream({ upgrade: switching })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  await using vite = await startVite(gateway.url)
  const page = { origin: `http://${vite.host}` }

  expect((await fetch(`${page.origin}/auth/me`)).status).toBe(200)
  expect((await fetch(`${page.origin}/ask/stream`, { method: 'POST', headers: page })).status).toBe(200)
  const upgraded = await requestUpgrade(`${page.origin}/ws/chat`, page)
  expect(upgraded.status).toBe(101)
  upgraded.socket?.destroy()

  expect(auth.seen.map(({ headers }) => headers['x-forwarded-host'])).toEqual([
    vite.host,
    vite.host,
    vite.host,
  ])
  expect(edge.seen).toMatchObject([
    { url: '/ask/stream', headers: { host: vite.host, ...page } },
    { url: '/ws/chat', headers: { host: vite.host, ...page } },
  ])
})
