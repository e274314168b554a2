import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeMachine } from './describe-machine.ts'
import { makeTables } from './make-tables.ts'
import { gather, type Sample } from './results.ts'

interface Report {
  readonly samples: readonly Sample[]
  readonly parts: readonly string[]
  readonly quick: boolean
  readonly folder: string
}

/** Writes the figures as JSON and as Markdown, with what they depend on; returns the tables and where the files are. */
export async function writeReport({
  samples,
  parts,
  quick,
  folder,
}: Report): Promise<{ tables: string; files: string[] }> {
  const machine = describeMachine()
  const at = new Date().toISOString()
  const figures = gather(samples)
  const tables = makeTables(figures)
  const { processor, cores, memoryGiB, kernel, node } = machine
  const head = `# Benchmark, ${at}\n\n${processor}, ${cores} cores, ${memoryGiB} GiB, kernel ${kernel}, Node ${node}${quick ? '; quick' : ''}\n\n`
  await mkdir(folder, { recursive: true })
  const name = `${at.replace(/[:.]/g, '-')}-${parts.join('-')}`
  const files = [join(folder, `${name}.json`), join(folder, `${name}.md`)] as const
  await writeFile(files[0], `${JSON.stringify({ at, quick, machine, figures }, undefined, 2)}\n`)
  await writeFile(files[1], head + tables)
  return { tables, files: [...files] }
}
