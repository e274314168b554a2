import { expect, test } from 'vitest'
import { finishCommand, root } from './run-command.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const commands = await listCommands()

test.each(commands)('%s --help - says how it is used and does nothing', async (command) => {
  for (const flag of ['--help', '-h']) {
    const { code, stdout } = await finishCommand([command, flag])
    expect({ flag, code }).toEqual({ flag, code: 0 })
    expect(stdout).toMatch(/^usage: /)
  }
})

/** The scripts of package.json that the bootstrap runs. */
async function listCommands(): Promise<string[]> {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  )
  return Object.values(scripts).flatMap((script) => /bootstrap\.mjs (\S+)$/.exec(script)?.[1] ?? [])
}
