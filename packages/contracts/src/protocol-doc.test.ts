import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  adminCodes,
  closeCodes,
  deadLetterCauses,
  errorCodes,
  httpCodes,
  protocolVersion,
  requestCodes,
  serverFrameTypes,
  turnEnds,
  turnResultSchema,
  wireBounds,
} from './index.ts'

const readDoc = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')
const protocol = readDoc('protocol.md')

/** Cells of the tables below a heading. */
function readTables(heading: string, text = protocol): string[][][] {
  const section = text.split(new RegExp(`^#+ ${heading}$`, 'm'))[1]?.split(/^##/m)[0] ?? ''
  const tables = section.matchAll(/(?:^\|.*\n?)+/gm)
  return [...tables].map(([table]) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  )
}

const readTable = (heading: string, text = protocol): string[][] => readTables(heading, text)[0] ?? []

test('lists every error code with what to do', () => {
  const expected = Object.entries(errorCodes).map(([code, { retry, action }]) => [
    `\`${code}\``,
    retry,
    action,
  ])
  expect(readTable('Error codes')).toEqual(expected)
})

const describeHttp = (codes: Readonly<Record<string, { httpStatus: number; action: string }>>) =>
  Object.entries(codes).map(([code, { httpStatus, action }]) => [`\`${code}\``, String(httpStatus), action])

test('lists every code of a refusal over HTTP with its status, and admin-api.md those of its own', () => {
  const [own, others] = readTables('HTTP codes')
  expect(own).toEqual(describeHttp(requestCodes))
  const statuses = others?.flatMap(([status, codes = '']) =>
    codes.split(', ').map((code) => `${code} ${status}`),
  )
  expect(statuses?.toSorted()).toEqual(
    Object.entries(errorCodes)
      .map(([code, { httpStatus }]) => `\`${code}\` ${httpStatus}`)
      .toSorted(),
  )
  expect(readTable('Refusals', readDoc('admin-api.md'))).toEqual(describeHttp(adminCodes))
  expect(Object.keys(httpCodes)).toHaveLength(
    [errorCodes, requestCodes, adminCodes].flatMap((codes) => Object.keys(codes)).length,
  )
})

test('lists every close code with what to do', () => {
  const word = (yes: boolean) => (yes ? 'yes' : 'no')
  const expected = Object.entries(closeCodes).map(([code, { name, reconnect, resume, action }]) => [
    code,
    name,
    word(reconnect),
    word(resume),
    action,
  ])
  expect(readTable('Close codes')).toEqual(expected)
})

test('lists every frame that is served, and no other', () => {
  const listed = readTable('Receive').map(([frame = '']) => /`(\w+)/.exec(frame)?.[1] ?? '')
  expect(listed.toSorted()).toEqual(serverFrameTypes.toSorted())
})

test('names the version of the wire, as the documents for machines do', () => {
  expect(protocol).toContain(`\`welcome.protocol\` is the version of this wire: ${protocolVersion}.`)
  for (const name of ['openapi.json', 'asyncapi.json'])
    expect(JSON.parse(readDoc(name)).info['x-protocol']).toBe(protocolVersion)
})

test('names the parts of a result, the ends of a turn and the bounds', () => {
  const optional = new Set(['warning', 'estimated'])
  const parts = Object.keys(turnResultSchema.shape).filter((part) => !optional.has(part))
  expect(protocol).toContain(`\`result\` holds \`${parts.join(', ')}\``)
  expect(protocol).toContain(turnEnds.map((end) => `\`${end}\``).join(', '))
  for (const bound of Object.values(wireBounds)) expect(protocol).toContain(bound.toLocaleString('en-US'))
})

test('operations.md lists every cause of a dead letter with what to do', () => {
  const expected = Object.entries(deadLetterCauses).flatMap(([by, causes]) =>
    Object.entries(causes).map(([cause, action]) => [`\`${cause}\``, `\`${by}\``, action]),
  )
  expect(readTable('Dead letters', readDoc('operations.md'))).toEqual(expected)
})
