import { once } from 'node:events'
import type { SimulatorConfig } from './config.ts'
import { openModelSimulator } from './open-simulator.ts'
import { help, readCommand } from './read-command.ts'

try {
  const config = readCommand(process.argv.slice(2))
  if (config === undefined) console.log(help)
  else await serve(config)
} catch (error) {
  console.error(`model-simulator: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

async function serve(config: SimulatorConfig): Promise<void> {
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await using simulator = await openModelSimulator(config)
  console.log(JSON.stringify({ url: simulator.url, port: simulator.port, pid: process.pid }))
  await stopped
}
