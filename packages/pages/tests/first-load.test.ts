import { globSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pagesFolder } from '../build/built-pages.ts'

/** Most script of the first load of the chat, and of all pages together, in bytes after gzip. */
const mostBytes = 180 * 1024
const mostOfAll = 260 * 1024

const compressedBytes = (path: string) => gzipSync(readFileSync(join(pagesFolder, path))).byteLength

test('the chat loads at most 180 KB of script before it can be used, and nothing from elsewhere', () => {
  const document = readFileSync(join(pagesFolder, 'index.html'), 'utf8')
  const addresses = [...document.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address)
  expect(addresses.filter((address) => !address.startsWith('/'))).toEqual([])
  const scripts = addresses.filter((address) => address.endsWith('.js'))
  const bytes = scripts.map(compressedBytes)
  expect(scripts.length).toBeGreaterThan(0)
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(mostBytes)
})

/** Loaded with the first code or formula that an answer shows. */
const whenNeeded = /^assets\/(highlight|math)-/

test('every page has at most 260 KB of script, since all that pages begin with has no more', () => {
  const all = globSync('assets/*.js', { cwd: pagesFolder })
  const scripts = all.filter((script) => !whenNeeded.test(script))
  expect(all.length - scripts.length).toBe(2)
  expect(scripts.length).toBeGreaterThan(5)
  expect(scripts.map(compressedBytes).reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(mostOfAll)
})
