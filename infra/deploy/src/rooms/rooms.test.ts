import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../repository-root.ts'
import { findCycle, readImports } from './read-imports.ts'
import { roomOrder, topFiles } from './room-order.ts'

/** Most files at a root. */
const mostRootFiles = 12

describe.each(Object.entries<readonly string[]>(roomOrder))('%s', (service, order) => {
  const imports = readImports(join(repositoryRoot, 'services', service, 'src'))

  /** How far down a file stands. */
  const depthOf = (file: string): number => {
    const [room = ''] = file.split('/')
    if (topFiles.includes(file)) return -1
    const depth = order.indexOf(room)
    if (depth < 0 && file.includes('/')) throw new Error(`${service}: the room ${room} is not in the order`)
    return depth < 0 ? order.length : depth
  }

  test('imports run downward only', () => {
    const upward = [...imports].flatMap(([file, targets]) =>
      targets
        .filter((target) => depthOf(target) < depthOf(file))
        .map((target) => `${file} imports ${target}`),
    )
    expect(upward).toEqual([])
  })

  test('no files import each other in a circle', () => {
    expect(findCycle(imports)).toBeUndefined()
  })

  test('every room of the order exists, and few files are at the root', () => {
    const rooms = new Set([...imports.keys()].map((file) => file.split('/')[0]))
    expect(order.filter((room) => !rooms.has(room))).toEqual([])
    const atRoot = [...imports.keys()].filter((file) => !file.includes('/'))
    expect(atRoot.length).toBeLessThanOrEqual(mostRootFiles)
  })
})

const others = globSync(['packages/*/src', 'infra/*/src', 'bench/src', 'migrations/src'], {
  cwd: repositoryRoot,
})

test.each(others)('%s - no files import each other in a circle', (folder) => {
  expect(findCycle(readImports(join(repositoryRoot, folder)))).toBeUndefined()
})

test('a circle is found, and so is an import over several lines', () => {
  const circle = new Map([
    ['a.ts', ['b.ts']],
    ['b.ts', ['c.ts']],
    ['c.ts', ['b.ts']],
  ])
  expect(findCycle(circle)).toEqual(['b.ts', 'c.ts', 'b.ts'])
  const imports = readImports(join(repositoryRoot, 'services/chat-worker/src'))
  expect(imports.get('flow.ts')).toContain('claim/claim-turn.ts')
})
