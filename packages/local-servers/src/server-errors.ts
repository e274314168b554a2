import type { ServerName } from './running-server.ts'

/** No source has the server; `fix` is the one command that installs it. */
export class ServerMissingError extends Error {
  override readonly name = 'ServerMissingError'
  readonly server: ServerName
  readonly fix: string

  constructor(server: ServerName, fix: string, reasons: readonly string[]) {
    super(`${server} is missing (${reasons.join('; ')}). To fix it: ${fix}`)
    this.server = server
    this.fix = fix
  }
}

/** Another program listens on the server's port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
  readonly port: number

  constructor(port: number) {
    super(`port ${port} on 127.0.0.1 is in use by another program; stop it or choose another port`)
    this.port = port
  }
}

/** A running server uses the data folder and its launcher lives: stop that one first. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError'
  readonly ownerPid: number

  constructor(server: string, ownerPid: number) {
    super(`${server} already runs on this data folder, started by process ${ownerPid}; stop that one first`)
    this.ownerPid = ownerPid
  }
}

/** The server was found but did not come up; the message ends with what it last logged. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError'
  readonly server: string

  constructor(server: string, reason: string, logTail = '', options?: ErrorOptions) {
    super(`${server} did not start: ${reason}${logTail && `\n${logTail}`}`, options)
    this.server = server
  }
}
