import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../repository-root.ts'

const pages = globSync('**/*.md', {
  cwd: repositoryRoot,
  exclude: (name) => name === 'node_modules' || name === '.git',
})

const readPage = (page: string): string => readFileSync(join(repositoryRoot, page), 'utf8')

function listLinks(page: string): string[] {
  const links = [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => !/^(https?:|mailto:|#)/.test(link))
}

test.each(pages)('%s - links only to what is there', (page) => {
  const broken = listLinks(page).filter(
    (link) => !existsSync(join(repositoryRoot, dirname(page), link.replace(/#.*/, ''))),
  )
  expect(broken).toEqual([])
})

test('the index of decisions - lists every page under its title, and no number twice', () => {
  const files = globSync('docs/decisions/[0-9]*.md', { cwd: repositoryRoot }).toSorted()
  const lines = files.map((file) => {
    const name = file.slice('docs/decisions/'.length)
    const title = readPage(file)
      .split('\n', 1)[0]
      ?.replace(/^# (\d+\. )?/, '')
    return `- [${name.slice(0, 4)}](${name}) ${title}`
  })
  const listed = readPage('docs/decisions/README.md')
    .split('\n')
    .filter((line) => line.startsWith('- '))
  expect(listed).toEqual(lines)
  expect(new Set(lines.map((line) => line.slice(0, 7))).size).toBe(lines.length)
})
