import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tieOutsideFolder } from './tie-outside-folder.ts'

const stopDeadlineMs = 100

test('outside folder - its data folder is there - stays, also from before there were ids', async () => {
  await using folders = await makeFolders()
  await folders.fill('old')
  expect(await folders.tie()).toEqual([])
  expect(await folders.tie()).toEqual([])
  expect(await folders.list()).toEqual({ base: 'old' })
})

test('outside folder - its data folder was removed by hand - is moved aside with a line that says so', async () => {
  await using folders = await makeFolders()
  await folders.tie()
  for (const [round, cluster] of ['first', 'second'].entries()) {
    await folders.fill(cluster)
    await rm(folders.dataDir, { recursive: true })
    const aside = `${folders.base}.removed-${round + 1}`
    expect(await folders.tie()).toEqual([
      `${folders.base} belongs to a data folder that is no longer there; it is ${aside} now, delete that when nothing of it is needed`,
    ])
    expect(await folders.tie()).toEqual([])
  }
  expect(await folders.list()).toEqual({ base: '', 'base.removed-1': 'first', 'base.removed-2': 'second' })
})

async function makeFolders() {
  const path = await mkdtemp(join(tmpdir(), 'omni2-tie-'))
  const [dataDir, base] = [join(path, 'data', 'postgres'), join(path, 'lib', 'base')]
  const tie = async () => {
    const lines: string[] = []
    await tieOutsideFolder({ dataDir, base }, { log: (line) => void lines.push(line), stopDeadlineMs })
    return lines
  }
  const fill = async (cluster: string) => {
    await mkdir(base, { recursive: true })
    await writeFile(join(base, 'cluster'), cluster)
  }
  const list = async () => {
    const lib = join(path, 'lib')
    const read = async (name: string) => [
      name,
      await readFile(join(lib, name, 'cluster'), 'utf8').catch(() => ''),
    ]
    return Object.fromEntries(await Promise.all((await readdir(lib)).map(read)))
  }
  const remove = () => rm(path, { recursive: true, force: true })
  return { dataDir, base, tie, fill, list, [Symbol.asyncDispose]: remove }
}
