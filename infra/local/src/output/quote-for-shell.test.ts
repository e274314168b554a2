import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quoteForShell } from './quote-for-shell.ts'

test.each(['plain/path-1.txt', 'with space', "it's", '$HOME `x` "y" \\', ''])(
  '%j survives a shell',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoteForShell(word)}`], { encoding: 'utf8' })).toBe(word)
  },
)
