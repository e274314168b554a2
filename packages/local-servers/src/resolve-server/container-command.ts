import { createHash } from 'node:crypto'

export interface ContainerOptions {
  readonly image: string
  readonly name: string
  /** Ports of 127.0.0.1 by the port in the container. */
  readonly ports: Readonly<Record<number, number>>
  /** Host folders or files by their path in the container. */
  readonly mounts: Readonly<Record<string, string>>
  /** Shown by `ps` and `docker inspect`: no secrets. */
  readonly variables?: Readonly<Record<string, string>>
  readonly entrypoint?: string
  readonly args: readonly string[]
}

/** The command that runs a container in the foreground: the client's signals reach the server inside. */
export function containerCommand(options: ContainerOptions): { command: string; args: string[] } {
  const mounts = Object.entries(options.mounts).flatMap(([inside, host]) => [
    '--mount',
    // The value is one CSV record: a comma in a path has to be quoted.
    `type=bind,"source=${host.replaceAll('"', '""')}",target=${inside}`,
  ])
  const variables = Object.entries(options.variables ?? {}).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ])
  const entrypoint = options.entrypoint === undefined ? [] : ['--entrypoint', options.entrypoint]
  const publish = Object.entries(options.ports).flatMap(([inside, host]) => [
    '--publish',
    `127.0.0.1:${host}:${inside}`,
  ])
  const run = ['run', '--rm', '--name', options.name, ...publish, ...mounts, ...variables, ...entrypoint]
  return { command: 'docker', args: [...run, options.image, ...options.args] }
}

/** One container per server and data folder: a later start finds what an earlier one left. */
export function containerName(server: string, dataDir: string): string {
  return `omni2-${server}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
}
