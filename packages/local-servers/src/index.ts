export { findServer, type FoundServer } from './resolve-server/find-server.ts'
export { fetchImage, hasDockerEngine } from './resolve-server/docker-engine.ts'
export { images } from './resolve-server/images.ts'
export { probeNats } from './nats/probe-nats.ts'
export { openNats, type RunningNats } from './nats/open-nats.ts'
export type { OpenNatsOptions } from './nats/prepare-nats.ts'
export { openPostgres } from './postgres/open-postgres.ts'
export type { OpenPostgresOptions } from './postgres/prepare-postgres.ts'
export { findFreePort } from './process/find-free-port.ts'
export { launchProcess, type LaunchedProcess, type ProcessExit } from './process/launch-process.ts'
export { makeFolder } from './process/make-folder.ts'
export { readProcessRecord, stopLeftover, writeProcessRecord } from './process/process-record.ts'
export { isSameProcess, readProcessStartTime } from './process/read-process-start-time.ts'
export { sendSignal, stopProcess } from './process/stop-process.ts'
export { askRedis } from './redis/probe-redis.ts'
export { openRedis } from './redis/open-redis.ts'
export type { OpenRedisOptions } from './redis/prepare-redis.ts'
export type { Log, RunningServer, ServerName, ServerSource } from './running-server.ts'
export {
  DataFolderInUseError,
  PortInUseError,
  ServerMissingError,
  ServerStartError,
} from './server-errors.ts'
export { installWithApt, isDebian } from './resolve-server/install-with-apt.ts'
