import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkRecord } from './check/check-record.ts'
import { describeViolation } from './describe-violation.ts'
import { faultKinds, type FaultKind } from './make-schedule.ts'
import { describeTakeovers, measureTakeovers } from './measure-takeovers.ts'
import { runStorm } from './run-storm.ts'

const usage = `usage: npm run storm [-- OPTIONS]

Starts two of each service with servers of its own, lets clients chat over a bad network while processes are killed,
frozen and stopped, and then checks that every accepted turn ended once, was recorded and billed once, and reached its
clients byte for byte. Exit codes: 0 every promise was kept, 1 one was broken, 2 bad options.

  --minutes M       length of the storm (default 1)
  --clients N       clients, three quarters over WebSocket, the others over SSE (default 30)
  --seed S          repeats the schedule and the choices of an earlier storm (default: random, printed)
  --only KINDS      faults, separated by commas: ${faultKinds.join(', ')} (default all)
  --nats-url URLS   a NATS of your own, several addresses with commas between; servers are then left alone
  --keep            keeps the data folder, with storm.json, also when every promise was kept
`

/** Violations that are printed with their story. */
const mostStories = 5

async function main(): Promise<number> {
  const options = readOptions()
  if (options === 'help') {
    process.stdout.write(usage)
    return 0
  }
  if (typeof options === 'string') {
    process.stderr.write(`npm run storm: ${options}\n\n${usage}`)
    return 2
  }
  const folder = await mkdtemp(join(tmpdir(), 'omni2-storm-'))
  // As root, Postgres runs as another account, which has to pass.
  await chmod(folder, 0o711)
  const say = (line: string) => process.stderr.write(`${line}\n`)
  say(`seed ${options.seed}: ${options.clients} clients, ${options.lengthMs / 60_000} min`)
  const record = await runStorm({ ...options, dataFolder: join(folder, 'data'), say }).catch(describeFailure)
  if (typeof record === 'string') {
    say(`npm run storm: ${record.trim()}; everything is kept in ${folder}`)
    return 1
  }
  const violations = checkRecord(record)
  for (const violation of violations.slice(0, mostStories))
    process.stdout.write(`${describeViolation(violation, record)}\n\n`)
  const accepted = record.asked.filter((turn) => turn.accepted).length
  say(describeTakeovers(measureTakeovers(record)))
  process.stdout.write(
    `seed ${options.seed}: ${accepted} turns accepted, ${record.faults.length} faults, ${violations.length} violations\n`,
  )
  if (violations.length > 0 || options.keep) say(`everything is kept in ${folder}`)
  else await rm(folder, { recursive: true, force: true })
  return violations.length === 0 ? 0 : 1
}

const describeFailure = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '1' },
        clients: { type: 'string', default: '30' },
        seed: { type: 'string' },
        only: { type: 'string', default: faultKinds.join(',') },
        'nats-url': { type: 'string' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    const [minutes, clients] = [Number(values.minutes), Number(values.clients)]
    const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
    const kinds = values.only.split(',')
    if (!(minutes > 0 && minutes <= 600)) return '--minutes must be a number from 0 to 600'
    if (!(Number.isInteger(clients) && clients > 0 && clients <= 2000))
      return '--clients must be from 1 to 2000'
    if (!Number.isInteger(seed)) return '--seed must be a whole number'
    if (!kinds.every(isFaultKind)) return `--only must be of ${faultKinds.join(', ')}`
    return {
      seed,
      lengthMs: minutes * 60_000,
      clients,
      kinds,
      natsUrl: values['nats-url'],
      keep: values.keep,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const isFaultKind = (kind: string): kind is FaultKind => (faultKinds as readonly string[]).includes(kind)

// Node may spin forever when it frees the handles of a process that had thousands of sockets (seen with 24.21).
process.exit(await main())
