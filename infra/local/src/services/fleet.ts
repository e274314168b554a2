import { setTimeout as delay } from 'node:timers/promises'
import type { Counts } from '@omni2/cli/run-state'
import { writePrivateFile } from '../data-folder/write-private-file.ts'
import { edgesPollMs } from '../gateway/follow-edges.ts'
import type { Supervisor } from '../supervise/supervisor.ts'
import type { StartedProcess } from './start-service.ts'

type Kind = keyof Counts

interface FleetOptions {
  readonly start: Readonly<Record<Kind, (numbers: readonly number[]) => Promise<StartedProcess[]>>>
  readonly supervisor: Pick<Supervisor, 'release'>
  readonly edgesFile: string
}

const services = { edges: 'ws-edge', workers: 'chat-worker', recorders: 'flow-recorder' } as const

/** In the order in which they start; they stop in the opposite one. */
const kinds: readonly Kind[] = ['recorders', 'workers', 'edges']

/** By then the gateway has read the file and sends a stopping edge no more requests. */
const gatewayReadsMs = 3 * edgesPollMs

/** The processes whose number can change while everything runs; one change at a time. */
export class Fleet {
  readonly #options: FleetOptions
  readonly #running: Record<Kind, StartedProcess[]> = { edges: [], workers: [], recorders: [] }

  constructor(options: FleetOptions) {
    this.#options = options
  }

  get counts(): Counts {
    const { edges, workers, recorders } = this.#running
    return { edges: edges.length, workers: workers.length, recorders: recorders.length }
  }

  get processes(): readonly StartedProcess[] {
    return kinds.toReversed().flatMap((kind) => this.#running[kind])
  }

  /** Starts missing processes and stops surplus ones in order, the youngest first. */
  async scale(wanted: { readonly [K in Kind]?: number | undefined }): Promise<void> {
    for (const kind of kinds) await this.#add(kind, wanted[kind] ?? 0)
    for (const kind of kinds.toReversed()) await this.#remove(kind, wanted[kind] ?? Infinity)
  }

  async #add(kind: Kind, wanted: number): Promise<void> {
    const running = this.#running[kind]
    const missing = Math.max(wanted - running.length, 0)
    if (missing === 0) return
    const numbers = Array.from({ length: missing }, (_, index) => running.length + index + 1)
    running.push(...(await this.#start(kind, numbers)))
    if (kind === 'edges') await this.#notifyGateway()
  }

  /** When one of several does not start, the others are stopped. */
  async #start(kind: Kind, numbers: readonly number[]): Promise<StartedProcess[]> {
    try {
      return await this.#options.start[kind](numbers)
    } catch (error) {
      await this.#options.supervisor.release(numbers.map((number) => `${services[kind]}-${number}`))
      throw error
    }
  }

  async #remove(kind: Kind, wanted: number): Promise<void> {
    const leaving = this.#running[kind].splice(wanted)
    if (leaving.length === 0) return
    if (kind === 'edges') {
      await this.#notifyGateway()
      await delay(gatewayReadsMs)
    }
    await this.#options.supervisor.release(leaving.map(({ name }) => name))
  }

  #notifyGateway(): Promise<void> {
    const urls = this.#running.edges.map(({ url }) => url)
    return writePrivateFile(this.#options.edgesFile, `${urls.join(',')}\n`)
  }
}
