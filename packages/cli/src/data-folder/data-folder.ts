import { join } from 'node:path'

/** Where everything of one `npm start` lies. */
export interface DataFolder {
  readonly path: string
  /** Which start runs here, or ran last. */
  readonly stateFile: string
  readonly secretsFile: string
  /** Addresses of the edges, for the gateway. */
  readonly edgesFile: string
  /** How many processes `npm run scale` asks for. */
  readonly scaleFile: string
  readonly logs: string
  /** A record of each running service, for the start after a crash. */
  readonly processes: string
  /** Node's cache of compiled code: services start three times as fast. */
  readonly compileCache: string
}

export function nameDataFolder(path: string): DataFolder {
  return {
    path,
    stateFile: join(path, 'state.json'),
    secretsFile: join(path, 'secrets.json'),
    edgesFile: join(path, 'edges'),
    scaleFile: join(path, 'scale.json'),
    logs: join(path, 'logs'),
    processes: join(path, 'processes'),
    compileCache: join(path, 'compile-cache'),
  }
}
