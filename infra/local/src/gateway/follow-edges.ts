import { unwatchFile, watchFile } from 'node:fs'
import type { Logger } from '@omni2/service-kit'

/** Pause between two checks of the file, in milliseconds. */
export const edgesPollMs = 250

interface FollowDeps {
  /** Reads the addresses again; throws where they are bad, and then the old ones stay. */
  readonly read: () => readonly string[]
  readonly log: Logger
  readonly stopping: AbortSignal
}

/** Keeps the list of edges as the file of EDGE_URLS_FILE has it: `npm run scale` adds and removes edges there. */
export function followEdges(edges: string[], file: string, { read, log, stopping }: FollowDeps): void {
  const update = () => {
    try {
      edges.splice(0, edges.length, ...read())
      log.info({ edges: edges.length }, 'edges changed')
    } catch (err) {
      log.error({ err }, 'edges not changed')
    }
  }
  watchFile(file, { interval: edgesPollMs }, update)
  stopping.addEventListener('abort', () => unwatchFile(file, update))
}
