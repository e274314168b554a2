import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openBare } from './open-bare.ts'
import { openOurs, type Ours, type OursOptions } from './open-ours.ts'
import { openSocketIo } from './open-socket-io.ts'
import { runScript } from './run-script.ts'
import type { System } from './system.ts'

type Place = { readonly folder: string; readonly say: (line: string) => void }

export interface Systems extends AsyncDisposable {
  readonly ours: Ours
  /** Ours first, then its peers. */
  readonly all: readonly System[]
  /** When each named question arrived at the model, in microseconds. */
  readArrivals(): Promise<Map<string, number>>
}

/** The model server of the benchmarks, in a process of its own. */
export const openModel = () => runScript('src/systems/model-server.ts')

/** Ours and its peers, all with the same model server, all running at once; only one is used at a time. */
export async function openSystems(
  { folder, say }: Place,
  peers: readonly ('bare' | 'bare-data' | 'socket.io')[],
  options: Partial<OursOptions> = {},
): Promise<Systems> {
  await using stack = new AsyncDisposableStack()
  const model = stack.use(await openModel())
  say('starting the product and its peers')
  // A part may open several, one after another, and each has its own data.
  const ours = stack.use(
    await openOurs({ folder: join(folder, `ours-${randomUUID()}`), modelUrl: model.url, ...options }),
  )
  const all: System[] = [ours]
  for (const peer of peers) {
    const opened =
      peer === 'socket.io'
        ? await openSocketIo(model.url, { folder, log: say })
        : await openBare(peer, model.url)
    all.push(stack.use(opened))
  }
  const owned = stack.move()
  const readArrivals = async () => {
    const response = await fetch(`${model.url}/arrivals`)
    return new Map((await response.json()) as [string, number][])
  }
  return { ours, all, readArrivals, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
