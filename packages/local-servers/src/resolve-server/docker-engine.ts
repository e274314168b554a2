import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { lastLine } from './last-line.ts'
import type { Log } from '../running-server.ts'

const run = promisify(execFile)
const engineDeadlineMs = 5000
const pullDeadlineMs = 180_000

/** Whether a Docker engine answers; false without the `docker` client too. */
export async function hasDockerEngine(): Promise<boolean> {
  const asked = run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: engineDeadlineMs })
  return asked.then(
    (done) => done.stdout.trim() !== '',
    () => false,
  )
}

/** Pulls the image where the engine lacks it; resolves to undefined, or to the reason of a failure. */
export async function fetchImage(image: string, { log }: { log: Log }): Promise<string | undefined> {
  if (await succeeds(run('docker', ['image', 'inspect', image]))) return undefined
  log(`pulling the container image ${image}`)
  return run('docker', ['pull', '--quiet', image], { timeout: pullDeadlineMs }).then(
    () => undefined,
    (error: unknown) => `the image ${image} cannot be pulled: ${lastLine(error)}`,
  )
}

/** Removes a container in any state; a missing one is no error. */
export async function removeContainer(name: string): Promise<void> {
  await succeeds(run('docker', ['rm', '--force', '--volumes', name]))
}

function succeeds(running: Promise<unknown>): Promise<boolean> {
  return running.then(
    () => true,
    () => false,
  )
}
