import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { openNats, openPostgres, openRedis } from '../src/index.ts'
import { makeTestFolder } from './make-test-folder.ts'

const openers = { openPostgres, openNats, openRedis }

test.each(['openPostgres', 'openNats', 'openRedis'] as const)(
  '%s - says which port is in use',
  async (name) => {
    await using folder = await makeTestFolder()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const opening = openers[name]({ dataDir: folder.path, port, config: '', log: () => {} })
    await expect(opening).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`)
    taken.close()
  },
)
