import { readFile } from 'node:fs/promises'
import { compile, type JSONSchema } from 'json-schema-to-typescript'
import { z } from 'zod'

const operationSchema = z.looseObject({
  operationId: z.string(),
  responses: z.record(
    z.string(),
    z.looseObject({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })).optional() }),
  ),
})
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
})

/** Pages read what these answer, although they are no GET; of changes they read that they are done. */
const isReadToo = new Set(['testMcpServer', 'callMcpTool', 'previewRole', 'inviteUser'])

/** The types of what the APIs answer, from their documents: a page cannot read a field that is not there. */
export async function makeApiAnswers(): Promise<string> {
  const answers: Record<string, JSONSchema> = {}
  for (const name of ['chat-openapi.json', 'admin-openapi.json']) {
    const file = new URL(`../../../docs/${name}`, import.meta.url)
    const { paths } = documentSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    for (const [method, { operationId, responses }] of Object.values(paths).flatMap(Object.entries)) {
      const answer = responses['200']?.content?.['application/json']?.schema
      const isRead = method === 'get' || isReadToo.has(operationId)
      if (answer && isRead && operationId !== 'describeApi') answers[operationId] = answer
    }
  }
  const schema: JSONSchema = {
    type: 'object',
    description:
      'What the operations of the two APIs answer that pages read. Written by `npm run generate` from their documents.',
    properties: answers,
    required: Object.keys(answers),
    additionalProperties: false,
  }
  return compile(schema, 'ApiAnswers', {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    // As the formatter of the repository writes it.
    style: { semi: false, singleQuote: true, printWidth: 110 },
  })
}
