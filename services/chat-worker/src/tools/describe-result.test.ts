import { parseExactJson } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { describeResult } from './describe-result.ts'
import { readResult } from './read-result.ts'

const describe = (raw: unknown) => describeResult(readResult(raw))

test('what is not text is named with its type and size', () => {
  const content = [
    { type: 'text', text: 'hello' },
    { type: 'image', mimeType: 'image/png', data: 'AAAAAA==' },
    { type: 'audio', mimeType: 'audio/wav', data: 'AAAA' },
    { type: 'resource_link', name: 'log', uri: 'file:///log', mimeType: 'text/plain', size: 12 },
    { type: 'resource', resource: { uri: 'memo:1', mimeType: 'text/plain', text: 'memo' } },
    { type: 'resource', resource: { uri: 'memo:2', blob: 'AAAA' } },
  ]
  expect(describe({ content }).split('\n')).toEqual([
    'hello',
    '[image: image/png, 4 bytes]',
    '[audio: audio/wav, 3 bytes]',
    '[link to resource log: file:///log, text/plain, 12 bytes]',
    '[resource memo:1, text/plain]',
    'memo',
    '[resource memo:2: unknown type, 3 bytes]',
  ])
})

test('structured content is given as JSON, once', () => {
  const structuredContent = { sum: 3 }
  expect(describe({ structuredContent })).toBe('{"sum":3}')
  expect(describe({ structuredContent, content: [{ type: 'text', text: '{ "sum": 3 }' }] })).toBe(
    '{ "sum": 3 }',
  )
  expect(describe({ structuredContent, content: [{ type: 'text', text: 'three' }] })).toBe('three\n{"sum":3}')
})

test('a block that is unknown or odd leaves the others usable', () => {
  const content = [
    { type: 'hologram', depth: 3 },
    { type: 'text', text: 'seen', annotations: 'none' },
    { type: 'image', data: 'AAAA' },
    { type: 'text' },
    null,
    'plain',
    { type: 'resource', resource: null },
  ]
  expect(describe({ content }).split('\n')).toEqual([
    '[unknown content: {"type":"hologram","depth":3}]',
    'seen',
    '[image: unknown type, 3 bytes]',
    '[unknown content: {"type":"text"}]',
    '[unknown content: null]',
    'plain',
    '[unknown content: {"type":"resource","resource":null}]',
  ])
})

test.each([
  [{ structuredContent: { sum: 3 } }, '{"sum":3}'],
  [{ structuredContent: [1], isError: 'no' }, '[1]'],
  [{ content: 'words' }, 'words'],
  [{ content: null }, ''],
  [{ content: { type: 'text', text: 'one' } }, 'one'],
  ['no object', 'no object'],
  [null, '[unknown content: null]'],
])('%j - read as far as it can be', (raw, text) => {
  expect(describe(raw)).toBe(text)
  expect(readResult(raw).isError).toBe(false)
})

test('many blocks are counted instead of shown; numbers keep their digits', () => {
  const content = Array.from({ length: 1002 }, () => ({ type: 'text', text: '' }))
  expect(describe({ content }).trim()).toBe('[2 more blocks]')
  expect(describe({ structuredContent: parseExactJson('{"id":9007199254740993}') })).toBe(
    '{"id":9007199254740993}',
  )
})
