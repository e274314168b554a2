import type { CallToolResult } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { describeResult } from './describe-result.ts'

const describe = (result: Partial<CallToolResult>) => describeResult({ content: [], ...result })

test('what is not text is named with its type and size', () => {
  const content: CallToolResult['content'] = [
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
