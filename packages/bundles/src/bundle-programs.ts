import { dirname, relative, resolve } from 'node:path'
import { type LogLevel, type Plugin, rolldown, type RolldownLog } from 'rolldown'
import { bundleOf, digestSources, entryOf, type Program } from './programs.ts'
import { replaceFolder } from './replace-folder.ts'
import { writeStamp } from './stamp.ts'

/** Bundles each program and the threads it starts into its `dist` folder. Throws where one cannot be bundled. */
export async function bundlePrograms(programs: readonly Program[]): Promise<void> {
  const sources = await digestSources()
  await Promise.all(
    programs.map((program) =>
      replaceFolder(dirname(bundleOf(program)), async (folder) => {
        await bundle(program, folder)
        await writeStamp(folder, sources)
      }),
    ),
  )
}

async function bundle(program: Program, folder: string): Promise<void> {
  const built = await rolldown({
    input: entryOf(program),
    platform: 'node',
    // Never installed; `pg` asks for it only where it is.
    external: ['pg-native'],
    onLog: refuseUnresolved,
    plugins: [followUrls(dirname(bundleOf(program)))],
  })
  await built.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  })
  await built.close()
}

/** What cannot be found would be left to the run time: there it is not found either. */
function refuseUnresolved(_level: LogLevel, { code, message }: RolldownLog): void {
  if (code === 'UNRESOLVED_IMPORT') throw new Error(message)
}

/** The address of a module beside the one that names it: a thread, or what a thread loads. */
const moduleUrl = /new URL\('([\w/-]+\.ts)', import\.meta\.url\)/g

/** What our modules find by their own address: modules become files of the bundle, other files stay where they are. */
function followUrls(folder: string): Plugin {
  return {
    name: 'follow-urls',
    transform: {
      filter: { id: { exclude: /node_modules/ }, code: 'import.meta.url' },
      handler(code, id) {
        const emit = (file: string) => this.emitFile({ type: 'chunk', id: resolve(dirname(id), file) })
        return code
          .split(moduleUrl)
          .map((part, index) =>
            index % 2 === 1
              ? `new URL(import.meta.ROLLUP_FILE_URL_${emit(part)})`
              : part.replaceAll(
                  'import.meta.url',
                  `new URL('${relative(folder, id)}', import.meta.url).href`,
                ),
          )
          .join('')
      },
    },
  }
}
