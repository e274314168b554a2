import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFaultProxy } from '@omni2/testkit/fault-proxy'
import { SocketClient } from './clients/socket-client.ts'
import { SseClient } from './clients/sse-client.ts'
import { makeSchedule, type FaultKind } from './make-schedule.ts'
import { Random } from './random.ts'
import type { AskedTurn, ConnectionView, StormRecord } from './record.ts'
import { inflictFault, signal } from './stack/inflict-fault.ts'
import { openDatabase } from './stack/open-database.ts'
import { makeUsers } from './stack/make-users.ts'
import { openStack, type Stack } from '@omni2/testkit/open-stack'
import { findLeaks, readModelTexts, readQueue, readTurns } from './stack/read-stored.ts'
import { readUse } from './stack/read-use.ts'

export interface StormOptions {
  readonly seed: number
  readonly lengthMs: number
  readonly clients: number
  readonly kinds: readonly FaultKind[]
  readonly natsUrl: string | undefined
  readonly dataFolder: string
  readonly say: (line: string) => void
}

/** Settings under which a storm comes to rest soon; the deadlines are those of a deployment. */
const settings = {
  AUTH_PASSWORD_COST: '4',
  CONNECTIONS_PER_USER_PER_MINUTE: '100000',
  CONNECTIONS_PER_ADDRESS_PER_MINUTE: '1000000',
  SWEEP_INTERVAL_MS: '5000',
}

/** Clients of one user: each user has some connections, and sees frames of none but its own turns. */
const clientsPerUser = 3
/** Longest time in which every turn ends and every end is recorded once the storm is over, in milliseconds. */
const restMs = 120_000

/** Lets a storm loose on a stack of its own, waits until all is at rest, and returns its record. */
export async function runStorm(options: StormOptions): Promise<StormRecord> {
  const { seed, lengthMs, clients, kinds, natsUrl, dataFolder, say } = options
  const random = new Random(seed)
  say(`starting two of each service in ${dataFolder}`)
  await using stack = await openStack({
    dataFolder,
    env: { ...settings, ...(natsUrl !== undefined && { NATS_URL: natsUrl }) },
    edges: 2,
    workers: 2,
    recorders: 2,
  })
  await using proxy = await openFaultProxy({ targetPort: Number(new URL(stack.line.url).port) })
  const users = await makeUsers(Math.ceil(clients / clientsPerUser), stack)
  const before = await readUse(stack)

  const startedAt = performance.now()
  const now = () => Math.round(performance.now() - startedAt)
  const ending = new AbortController()
  const giveUp = new AbortController()
  const connections: ConnectionView[] = []
  const asked: AskedTurn[] = []
  const running = Array.from({ length: clients }, (_, index) => {
    const user = users[index % users.length]
    if (!user) throw new TypeError('a client without a user')
    const deps = {
      name: `client-${index + 1}`,
      user,
      host: `127.0.0.1:${proxy.port}`,
      random: random.fork(),
      ending: ending.signal,
      giveUp: giveUp.signal,
      now,
      connections,
      asked,
    }
    return index % 4 === 3 ? new SseClient(deps).run() : new SocketClient(deps).run()
  })

  const texts = new Set<string>()
  const keepTexts = async () => {
    for (const text of await readModelTexts(stack).catch(() => [])) texts.add(text)
  }
  const faults = makeSchedule(random.fork(), { lengthMs, kinds, onlyServices: natsUrl !== undefined })
  const done: { at: number; what: string }[] = []
  const resume = new Set<number>()
  const stopped = new Set<number>()
  const inflicting: Promise<void>[] = []
  for (const fault of faults) {
    await untilThen(startedAt + fault.at, keepTexts)
    const what = `${fault.kind} ${fault.kind === 'net' ? 'between clients and gateway' : fault.target}`
    done.push({ at: now(), what })
    say(`${(now() / 1000).toFixed(0)} s: ${what}; ${describe(asked)}`)
    inflicting.push(inflictFault(fault, { stack, proxy, resume, stopped }))
  }
  await untilThen(startedAt + lengthMs, keepTexts)
  await Promise.all(inflicting)
  for (const pid of resume) signal(pid, 'SIGCONT')

  say('the storm is over; waiting until every turn has ended')
  ending.abort()
  const late = setTimeout(() => giveUp.abort(), restMs)
  await Promise.all(running)
  clearTimeout(late)
  await keepTexts()
  const rest = await awaitRest(stack, asked, natsUrl)
  say(`at rest: ${describe(asked)}`)
  const record: StormRecord = {
    seed,
    faults: done,
    connections,
    asked,
    ...rest,
    modelTexts: [...texts],
    before,
    after: await readUse(stack),
    exits: readExits(stack.said(), done),
    leaks: await findLeaks(stack),
  }
  await writeFile(join(dataFolder, 'storm.json'), JSON.stringify(record))
  return record
}

const describe = (asked: readonly AskedTurn[]): string =>
  `${asked.filter(({ accepted }) => accepted).length} turns accepted, ${asked.filter(({ ended }) => ended).length} ended`

/** Keeps texts every second until a time, because the model server forgets the oldest. */
async function untilThen(at: number, keepTexts: () => Promise<void>): Promise<void> {
  while (performance.now() < at) {
    await sleep(Math.min(1000, Math.max(0, at - performance.now())))
    await keepTexts()
  }
}

/** Reads what is stored until it is at rest, or for `restMs`. */
async function awaitRest(
  { line }: Pick<Stack, 'line'>,
  asked: readonly AskedTurn[],
  /** With its password, which the line of a stack leaves out. */
  natsUrl = line.natsUrl,
) {
  await using database = await openDatabase(line.databaseUrl)
  const endsAt = performance.now() + restMs
  for (;;) {
    const [turns, stored] = [await readTurns(database), await readQueue(natsUrl)]
    const { messages, waiting, unacknowledged } = stored.queue
    const isRecorded = turns.every(
      (turn) => turn.ended && turn.audit_rows > 0 && turn.flow_status === turn.status,
    )
    const areKnown = asked.every(
      ({ accepted, session_id }) => !accepted || turns.some((turn) => turn.session_id === session_id),
    )
    const isAtRest = isRecorded && areKnown && messages + waiting + unacknowledged === 0
    if (isAtRest || performance.now() > endsAt) return { turns, ...stored }
    await sleep(1000)
  }
}

/** How the processes ended that were asked to; one may have been killed as well, and says so in its own line. */
function readExits(said: string, faults: readonly { what: string }[]): { name: string; code: string }[] {
  const ends = [...said.matchAll(/^(\S+) ended unexpectedly \((.*?)\)/gm)]
  return ends.flatMap(([, name = '', how = '']) => {
    // Stopped while it started: before it listens to signals, one ends it at once.
    const code = how.replace(/^.* did not start: /, '')
    if (code !== how && code === 'SIGTERM') return []
    const wasKilled = faults.some(({ what }) => what === `kill ${name}`)
    const wasStopped = faults.some(({ what }) => what === `stop ${name}`)
    return wasStopped && !(wasKilled && code.endsWith('SIGKILL')) ? [{ name, code }] : []
  })
}
