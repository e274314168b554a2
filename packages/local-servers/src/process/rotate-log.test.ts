import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rotateLog } from './rotate-log.ts'

const bounds = { bytes: 10, kept: 2 }

test('log - below its bound, or not there - stays', () => {
  using folder = makeFolder()
  rotateLog(folder.log, bounds)
  appendFileSync(folder.log, '0123456789')
  rotateLog(folder.log, bounds)
  expect(folder.read()).toEqual({ log: '0123456789' })
})

test('log - above its bound, its writer holds it open - begins again, and only the newest files are kept', () => {
  using folder = makeFolder()
  const writer = openSync(folder.log, 'a')
  for (const line of ['the first line', 'the second line', 'the third line']) {
    writeSync(writer, line)
    rotateLog(folder.log, bounds)
  }
  writeSync(writer, 'short')
  closeSync(writer)
  expect(folder.read()).toEqual({ log: 'short', 'log.1': 'the third line', 'log.2': 'the second line' })
})

function makeFolder() {
  const path = mkdtempSync(join(tmpdir(), 'omni2-log-'))
  const read = () =>
    Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]))
  return {
    log: join(path, 'log'),
    read,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}
