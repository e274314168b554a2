import type { ServerName } from './running-server.ts'

/** No rung of the ladder gave the server; `fix` is the one command that does. */
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

/** Something else listens on the port the server was to have. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
  readonly port: number

  constructor(port: number) {
    super(`port ${port} on 127.0.0.1 is in use by another program; stop it or choose another port`)
    this.port = port
  }
}

/** The data folder belongs to a server whose launcher is alive: that one has to be stopped first. */
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
