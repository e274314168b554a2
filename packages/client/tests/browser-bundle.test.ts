import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))

/** What a browser can be asked to load for this client, in bytes. */
const mostGzippedBytes = 12 * 1024

test('everything for the browser is small, whole and of this package only', async () => {
  await using bundle = await rolldown({ input: entry, platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  const [{ code, imports, dynamicImports, moduleIds }, ...rest] = output
  expect(rest).toEqual([])
  expect([...imports, ...dynamicImports]).toEqual([])
  expect(moduleIds.filter((id) => !id.includes('/packages/client/src/'))).toEqual([])
  expect(code).not.toMatch(/\bnode:|require\(|\bzod\b|process\.|Buffer\b/)
  expect(gzipSync(code).length).toBeLessThan(mostGzippedBytes)
  // The measure is of the real thing: an empty bundle would be small too.
  const url = `data:text/javascript,${encodeURIComponent(code)}`
  expect(Object.keys(await import(/* @vite-ignore */ url)).toSorted()).toEqual([
    'ChatApi',
    'ChatError',
    'ask',
    'connect',
    'logIn',
  ])
  console.info(`browser bundle: ${code.length} bytes, ${gzipSync(code).length} gzipped`)
})
