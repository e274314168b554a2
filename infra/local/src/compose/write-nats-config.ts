import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { makeComposeNatsConfig } from './make-compose-nats-config.ts'

const file = fileURLToPath(new URL('../../../nats/nats-server.conf', import.meta.url))
await writeFile(file, makeComposeNatsConfig())
console.log(`wrote ${file}`)
