import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './run-command.ts'

export const readReadme = (): Promise<string> => readFile(join(root, 'README.md'), 'utf8')

/** The shell blocks below a heading of a Markdown text, as they are pasted. */
export function listShellBlocks(markdown: string, heading: string): string[] {
  const section = markdown.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
}

/** Makes `npm run …` of a pasted block talk to the stack of `$DATA`; a stack of its own it must not start or stop. */
export const npmOfStack = `
npm() {
  [ "$1" != -s ] || shift
  case "$1" in start | stop) return ;; run) shift ;; esac
  local script=$1
  shift
  [ "$#" = 0 ] || [ "$1" != -- ] || shift
  "$NODE" infra/local/bootstrap.mjs "$script" "$@" --data "$DATA"
}
`
