import { expect, test } from 'vitest'
import { readRefusedTool } from './read-refused-tool.ts'

test.each<[string, object]>([
  [
    "tools.14.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
    {
      index: 14,
      why: "custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
    },
  ],
  ['tools.0.custom.name: String should have at most 128 characters', { index: 0 }],
  ['tools.3: Input should be a valid dictionary', { index: 3, why: 'Input should be a valid dictionary' }],
  ['The model returned the following errors: tools.18.custom.input_schema: no', { index: 18 }],
])('%s', (apiMessage, refused) => {
  expect(readRefusedTool({ status: 400, apiMessage })).toMatchObject(refused)
})

test.each([
  [400, 'tools: Tool names must be unique.'],
  [400, 'messages.1.content.2.tool_use.name: String should have at most 200 characters'],
  [400, 'messages.0.tools.3: Extra inputs are not permitted'],
  [400, null],
  [413, 'tools.3.custom: too large'],
  [529, 'tools.3.custom: overloaded'],
])('%s %s names no tool', (status, apiMessage) => {
  expect(readRefusedTool({ status, apiMessage })).toBeUndefined()
})
