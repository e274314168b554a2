import { expect, test } from 'vitest'
import { decideTool } from './decide-tool.ts'
import { findServers } from './find-servers.ts'
import { parseRestrictions } from './parse-restrictions.ts'

const tools = ['read_file', 'read_dir', 'write_file']

/** Tools of server `files` that stored restrictions leave over. */
function leftOver(stored: unknown, servers = ['files']): string[] {
  const restrictions = parseRestrictions(stored)
  return tools.filter((name) => decideTool({ server: 'files', name }, { servers, restrictions }).permitted)
}

test.each([
  ['null restricts nothing', null, tools],
  ['{} restricts nothing', {}, tools],
  ['an unlisted server is free', { other: [] }, tools],
  ['a null entry is free', { files: null }, tools],
  ['["*"] is all', { files: ['*'] }, tools],
  ['a list names tools', { files: ['read_file'] }, ['read_file']],
  ['an empty list is none', { files: [] }, []],
  ['a list may hold globs', { files: ['read_*'] }, ['read_file', 'read_dir']],
  [
    'tools apart from resources and prompts',
    { files: { tools: ['write_*'], resources: [], prompts: [] } },
    ['write_file'],
  ],
  ['an entry that leaves tools out', { files: { resources: [] } }, tools],
  ['mode all', { files: { mode: 'all', tools: ['x'] } }, tools],
  ['mode none', { files: { mode: 'none', tools: ['*'] } }, []],
  ['mode allow', { files: { mode: 'allow', tools: ['read_file', 'write_*'] } }, ['read_file', 'write_file']],
  ['mode allow of nothing', { files: { mode: 'allow', tools: [] } }, []],
  ['mode deny', { files: { mode: 'deny', tools: ['write_*'] } }, ['read_file', 'read_dir']],
  ['mode deny of nothing', { files: { mode: 'deny', tools: [] } }, tools],
  ['mode deny of everything', { files: { mode: 'deny', tools: ['*'] } }, []],
  [
    'deny within tools',
    { files: { tools: { mode: 'deny', tools: ['read_dir'] } } },
    ['read_file', 'write_file'],
  ],
  ['an unknown mode is unreadable', { files: { mode: 'audit', tools: ['*'] } }, []],
  ['allow without a list is unreadable', { files: { mode: 'allow' } }, []],
  ['deny without a list is unreadable', { files: { mode: 'deny' } }, []],
  ['a number in a list is unreadable', { files: ['read_file', 7] }, []],
  ['braces list alternatives', { files: ['{read,write}_file'] }, ['read_file', 'write_file']],
  ['a text entry is unreadable', { files: 'read_file' }, []],
  ['an entry with an unknown key is unreadable', { files: { tool: ['*'] } }, []],
  ['a text as the whole value is unreadable', '["*"]', []],
  ['a list as the whole value is unreadable', ['read_file'], []],
  ['a number as the whole value is unreadable', 7, []],
])('%s', (_name, stored, expected) => {
  expect(leftOver(stored)).toEqual(expected)
})

test('access to all servers does not switch restrictions off', () => {
  const { permitted } = findServers(['*'], ['files', 'mail'])
  expect(permitted).toEqual(['files', 'mail'])
  expect(leftOver({ files: ['read_dir'] }, permitted)).toEqual(['read_dir'])
})

test('a server that the role may not use has no tools', () => {
  expect(leftOver(null, [])).toEqual([])
  expect(findServers(null, ['files'])).toEqual({ permitted: [], denied: ['files'] })
  expect(findServers([], ['files'])).toEqual({ permitted: [], denied: ['files'] })
})

test('names the rule that decided', () => {
  const permitted = {
    servers: ['files'],
    restrictions: parseRestrictions({ files: { mode: 'deny', tools: ['w*'] } }),
  }
  expect(decideTool({ server: 'files', name: 'write_file' }, permitted)).toEqual({
    permitted: false,
    rule: 'deny:w*',
  })
  expect(decideTool({ server: 'mail', name: 'send' }, permitted)).toEqual({
    permitted: false,
    rule: 'mcp_access',
  })
})

test.each(['delete_all\n', 'delete\nall', 'delete\u2028all', 'a\rb', '.', '..', '', '😀', '\ud83d'])(
  'to deny * denies %j too',
  (name) => {
    const restrictions = parseRestrictions({ s: { mode: 'deny', tools: ['*'] } })
    expect(decideTool({ server: 's', name }, { servers: ['s'], restrictions })).toEqual({
      permitted: false,
      rule: 'deny:*',
    })
  },
)

test.each(['write_{file', 'write_[a', '!read_*', ' write_*', 'write_*\n', '(write|delete)_*', ''])(
  'a list with the pattern %j, which cannot be read, permits nothing and is an alarm',
  (pattern) => {
    for (const list of [[pattern], ['*', pattern]])
      for (const entry of [list, { mode: 'deny', tools: list }, { tools: { mode: 'allow', tools: list } }]) {
        expect(leftOver({ files: entry })).toEqual([])
        expect(parseRestrictions({ files: entry })).toEqual(new Map([['files', { mode: 'unreadable' }]]))
      }
  },
)
