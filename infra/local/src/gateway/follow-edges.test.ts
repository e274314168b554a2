import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLogger } from '@omni2/service-kit'
import { expect, onTestFinished, test } from 'vitest'
import { followEdges } from './follow-edges.ts'

test('edges - their file changes - follow it, and stay where it cannot be read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'omni2-edges-'))
  const stopping = new AbortController()
  onTestFinished(async () => {
    stopping.abort()
    await rm(folder, { recursive: true })
  })
  const file = join(folder, 'edges')
  await writeFile(file, 'a')
  const lines: string[] = []
  const log = openLogger(
    { name: 'gateway', instance: 'gateway-1', level: 'info' },
    { write: (line) => void lines.push(line) },
  )
  const read = () => {
    const text = readFileSync(file, 'utf8')
    if (text === 'bad') throw new Error('bad edges')
    return text.split(',')
  }
  const edges = ['a']
  followEdges(edges, file, { read, log, stopping: stopping.signal })
  // Written again until it is seen: the first look at the file may come after the first write.
  // Each time whole, as the fleet writes it: a look in the middle of a plain write finds an empty file.
  const write = async (text: string) => {
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
    return { edges, said: lines.join('') }
  }
  await expect.poll(() => write('a,b,c'), { timeout: 20_000 }).toMatchObject({ edges: ['a', 'b', 'c'] })
  const refused = { said: expect.stringContaining('edges not changed') }
  await expect.poll(() => write('bad'), { timeout: 20_000 }).toMatchObject(refused)
  expect(edges).toEqual(['a', 'b', 'c'])
})
