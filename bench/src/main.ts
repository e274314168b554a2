import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FigureMissingError } from './capacity/plan-capacity.ts'
import { writePlan } from './capacity/write-plan.ts'
import { measureChecks } from './checks/measure-checks.ts'
import { admission } from './parts/admission.ts'
import { history } from './parts/history.ts'
import { idle } from './parts/idle.ts'
import { jitter } from './parts/jitter.ts'
import { most } from './parts/most.ts'
import type { Part } from './parts/part.ts'
import { profile } from './parts/profile.ts'
import { recorder } from './parts/recorder.ts'
import { relay } from './parts/relay.ts'
import { resume } from './parts/resume.ts'
import { rows } from './parts/rows.ts'
import { startup } from './parts/startup.ts'
import { turns } from './parts/turns.ts'
import type { Sample } from './report/results.ts'
import { writeReport } from './report/write-report.ts'

const parts: Readonly<Record<string, Part>> = {
  relay,
  most,
  turns,
  admission,
  idle,
  jitter,
  resume,
  recorder,
  startup,
  history,
  rows,
  profile,
}

const usage = `usage: npm run bench -- [part ...] [--quick] [--rounds N] [--out DIR]

${Object.entries(parts)
  .map(([name, { summary, minutes }]) => `  ${name.padEnd(10)} ${summary} (${minutes} min)`)
  .join('\n')}
  ${'checks'.padEnd(10)} what the checks of a turn cost above one bare SELECT 1 (1 min)
  ${'capacity'.padEnd(10)} what has to run for 10,000 to 1,000,000 connections, from the reports in --out; measures nothing

Without a part, all are measured, one after another. Nothing else should run on the machine.

  --quick      fewer settings and rounds, for a first look
  --rounds N   rounds of each setting; a figure is their median
  --out DIR    where JSON and Markdown are written (default bench/results)
  --help       this text
`

const say = (line: string): void => void process.stderr.write(`${line}\n`)

process.exitCode = await run(process.argv.slice(2))

async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    say(options)
    return 2
  }
  if (options.help) {
    process.stdout.write(usage)
    return 0
  }
  if (options.names[0] === 'capacity') return showPlan(options.out)
  if (options.names.length === 1 && options.names[0] === 'checks') return (await measureChecks(say)) ? 0 : 1
  const samples: Sample[] = []
  for (const name of options.names) {
    const part = parts[name]
    if (!part) return (await measureChecks(say)) ? 0 : 1
    say(`${name}: ${part.summary}`)
    const folder = await mkdtemp(join(tmpdir(), 'omni2-bench-'))
    try {
      await part.measure({
        ...options,
        folder,
        say,
        keep: (file, text) => keepFile(join(options.out, `${name}-${file}`), text),
        add: (sample) => samples.push({ part: name, ...sample }),
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  const { tables, files } = await writeReport({
    ...options,
    samples,
    parts: options.names,
    folder: options.out,
  })
  process.stdout.write(tables)
  say(`written: ${files.join(', ')}`)
  return 0
}

async function showPlan(folder: string): Promise<number> {
  try {
    process.stdout.write(await writePlan(folder))
    return 0
  } catch (error) {
    if (!(error instanceof FigureMissingError)) throw error
    say(`${error.message}: run npm run bench -- relay idle recorder first`)
    return 1
  }
}

async function keepFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  say(`written: ${path}`)
}

interface Options {
  readonly names: readonly string[]
  readonly quick: boolean
  readonly rounds: number | undefined
  readonly out: string
  readonly help: boolean
}

/** Reads the arguments; a string says what is wrong with them. */
function readOptions(args: readonly string[]): Options | string {
  const options = {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../results', import.meta.url)) },
    help: { type: 'boolean', short: 'h', default: false },
  } as const
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const known = [...Object.keys(parts), 'checks', 'capacity']
    const unknown = positionals.find((name) => !known.includes(name))
    if (unknown !== undefined) return `there is no part ${unknown}; there are: ${known.join(', ')}`
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
      return '--rounds must be a whole number above 0'
    const { quick, out, help } = values
    return { names: positionals.length > 0 ? positionals : Object.keys(parts), quick, rounds, out, help }
  } catch (error) {
    return `${(error as Error).message}; see npm run bench -- --help`
  }
}
