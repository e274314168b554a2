import type { ProcessExit } from './process/launch-process.ts'

export type ServerName = 'postgres' | 'nats-server' | 'redis-server'

/** Where a server came from: an address given by the caller, npm's binaries, the PATH, Docker, or apt just now. */
export type ServerSource = 'given' | 'embedded' | 'path' | 'container' | 'apt'

/** A server that answers. Disposing it stops it, unless its address was given: then another program runs it. */
export interface RunningServer extends AsyncDisposable {
  readonly name: ServerName
  readonly url: string
  readonly port: number
  /** Absent for a given server; the foreground `docker` client for a container. */
  readonly pid: number | undefined
  readonly source: ServerSource
  /** Sentences for the person who started it. */
  readonly notes: readonly string[]
  /** Settles when the server ends, for any reason; stays pending for a given server. */
  readonly exited: Promise<ProcessExit>
  stop(): Promise<void>
}

/** Called with one line of progress at a time. */
export type Log = (line: string) => void
