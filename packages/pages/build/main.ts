import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { replaceFolder } from '@omni2/bundles/replace-folder'
import { writeStamp } from '@omni2/bundles/stamp'
import { areBuilt, digestSources, pagesFolder } from './built-pages.ts'

// Builds the pages into dist/ where their sources have changed: once now, not at each request, each file also compressed.

// Whatever runs this: React has another build for developers, half as large again and slow.
process.env['NODE_ENV'] = 'production'
const root = fileURLToPath(new URL('..', import.meta.url))

if (await areBuilt()) console.log('pages: nothing has changed')
else {
  const sources = await digestSources()
  const { build } = await import('vite')
  // In its place when it is whole, so that a console that serves the old pages never finds a part.
  await replaceFolder(pagesFolder, async (outDir) => {
    await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } })
    await compressFiles(outDir)
    await writeStamp(outDir, sources)
  })
  console.log(`pages: built into ${basename(dirname(pagesFolder))}/dist`)
}

async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.(html|js|css|svg|map)$/.test(entry.name))
  await Promise.all(files.map((entry) => compress(join(entry.parentPath, entry.name))))
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 10,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
  }
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params }),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  await writeFile(`${file}.br`, br)
  await writeFile(`${file}.gz`, gz)
}
