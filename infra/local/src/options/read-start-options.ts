import { parseArgs } from 'node:util'
import { makeUsageError } from '@omni2/cli/operator-error'
import { chooseDataFolder, type Folders } from '@omni2/cli/choose-data-folder'
import { parseCount } from './parse-count.ts'

export interface StartOptions {
  readonly edges: number
  readonly workers: number
  readonly recorders: number
  /** Where the local gateway listens on 127.0.0.1. */
  readonly port: number
  readonly dataFolder: string
  /** Seed demo users into a given database too, and give their rows the demo values again. */
  readonly seed: boolean
  /** One JSON line on stdout when ready, everything else on stderr. */
  readonly json: boolean
}

/** More processes of a kind than this is a typing error on one machine. */
export const mostProcesses = 64

export const startUsage = `usage: npm start -- [options]

  --edges N       ws-edge processes (default 2)
  --workers N     chat-worker processes (default 2)
  --recorders N   flow-recorder processes (default 1)
  --port N        port of the gateway on 127.0.0.1 (default 8080)
  --data DIR      folder for data, logs and secrets (default .omni2 in this clone)
  --seed          seed demo users into a database given by DATABASE_URL too, and reset them
  --json          print exactly one line of JSON on stdout when ready; progress goes to stderr
  --help          this text

DATABASE_URL, NATS_URL, REDIS_URL, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL and MODEL are read from the environment
or from .env (see .env.example); what is not given is started here.
`

/** Reads the arguments of `npm start`; throws a usage error of one line. */
export function readStartOptions(args: readonly string[], folders: Folders): StartOptions | 'help' {
  const flags = parseFlags(args)
  if (flags.help) return 'help'
  return {
    edges: parseCount('--edges', flags.edges, { min: 1, max: mostProcesses }),
    workers: parseCount('--workers', flags.workers, { min: 1, max: mostProcesses }),
    recorders: parseCount('--recorders', flags.recorders, { min: 1, max: mostProcesses }),
    port: parseCount('--port', flags.port, { min: 1, max: 65_535 }),
    dataFolder: chooseDataFolder(flags.data, folders),
    seed: flags.seed,
    json: flags.json,
  }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        edges: { type: 'string', default: '2' },
        workers: { type: 'string', default: '2' },
        recorders: { type: 'string', default: '1' },
        port: { type: 'string', default: '8080' },
        data: { type: 'string' },
        seed: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    throw makeUsageError(`${describe(error)} (npm start -- --help lists the options)`)
  }
}

/** Node's own sentence, without the advice on positional arguments that it adds. */
function describe(error: unknown): string {
  const sentence = error instanceof Error ? error.message : String(error)
  return sentence.split('. ')[0] ?? sentence
}
