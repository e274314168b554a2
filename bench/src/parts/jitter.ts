import { setTimeout as sleep } from 'node:timers/promises'
import { ResumableChat } from '../drive/resumable-chat.ts'
import { writeDirective } from '../drive/directive.ts'
import { quantile } from '../measure/quantile.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { Ours } from '../systems/open-ours.ts'
import type { Part } from './part.ts'

/** Each connection is cut once in so many milliseconds. */
const everyMs = 15_000
const offlineMs = 2000
/** A reply takes a minute, so each is cut four times. */
const tokens = 120
const paceMs = 500

/** A network that breaks again and again while replies stream. */
export const jitter: Part = {
  summary:
    '1,000 replies whose connections are cut every 15 s for 2 s: share that is byte-exact, time of a replay',
  minutes: 2,
  async measure({ quick, folder, say, add }) {
    const count = quick ? 200 : 1000
    await using systems = await openSystems({ folder, say }, [], { edges: 2, env: { WORKER_TURNS: '1000' } })
    const setting = `${count} clients`
    say(`${setting}, each cut every ${everyMs / 1000} s for ${offlineMs / 1000} s`)
    const results = await Promise.all(
      Array.from({ length: count }, (_, client) => chatOverBrokenNetwork(client, systems.ours, { count })),
    )
    const replayMs = results.flatMap((one) => one.replayMs)
    const put = (metric: string, unit: string, value: number) =>
      add({ setting, system: 'ours', metric, unit, value })
    put('byte-exact', '%', (100 * results.filter(({ isExact }) => isExact).length) / count)
    put('cuts', '', replayMs.length)
    put('replay p50', 'ms', quantile(replayMs, 0.5))
    put('replay p99', 'ms', quantile(replayMs, 0.99))
  },
}

/** Reconnects to the other edge after each cut. */
async function chatOverBrokenNetwork(
  client: number,
  ours: Ours,
  { count }: { count: number },
): Promise<{ isExact: boolean; replayMs: number[] }> {
  const chat = new ResumableChat(ours, client)
  const phase = (client / count) * everyMs
  await sleep(phase)
  await chat.connect()
  chat.ask(writeDirective({ tokens, paceMs }))
  const ended = chat.ended.then(
    () => true,
    () => false,
  )
  const replayMs: number[] = []
  for (let cuts = 1; ; cuts += 1) {
    const isOver = await Promise.race([ended.then(() => true), sleep(everyMs - offlineMs, false)])
    if (isOver) break
    await chat.cut()
    await sleep(offlineMs)
    await chat.connect(client + cuts)
    replayMs.push(await chat.resume())
  }
  await chat.cut()
  return { isExact: (await ended) && chat.isExact, replayMs }
}
