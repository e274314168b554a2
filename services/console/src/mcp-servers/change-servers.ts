import {
  deleteMcpServer as removeServer,
  loadMcpServer,
  saveMcpServer,
  type RegisteredServerFields,
} from '@omni2/db'
import type { ChangeAction } from '../change-actions.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { mergeGiven } from '../change/merge-given.ts'
import { makeChange, type Change } from '../change/make-change.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofServer } from '../schemas.ts'
import { maskServer, type MaskedServer } from './mask-server.ts'
import { findServer } from './read-servers.ts'
import { refuseTakingCredentials } from './refuse-taking-credentials.ts'
import { hasItsUrl, mcpServerSchema, newServerSchema, serverChangeSchema } from './server-schemas.ts'

export const createMcpServer = defineOperation({
  id: 'createMcpServer',
  refuses: ['exists'],
  method: 'POST',
  path: '/mcp-servers',
  summary: 'Adds an MCP server; workers use it from the next turn on.',
  body: newServerSchema,
  answer: changeOf(mcpServerSchema),
  handle: ({ body: { name, ...fields } }, context) =>
    makeChange(
      {
        ...changeOfServer(name, 'mcp_server.create'),
        write: async (before, transaction) => {
          if (before) throw new ConsoleRefused('exists')
          await saveMcpServer(name, { ...fields, url: fields.url ?? '' }, transaction)
        },
      },
      context,
    ),
})

export const changeMcpServer = defineOperation({
  id: 'changeMcpServer',
  method: 'PATCH',
  path: '/mcp-servers/{server}',
  summary: 'Changes an MCP server; credentials that are not given stay, unless it moves.',
  versioned: true,
  params: ofServer,
  body: serverChangeSchema,
  answer: changeOf(mcpServerSchema),
  handle: ({ params: { server: name }, body }, context) =>
    makeChange(
      {
        ...changeOfServer(name, 'mcp_server.change'),
        write: async (_before, transaction) => {
          const stored = await findServer(name, transaction)
          const next = mergeGiven<ChangedServer>(stored, body)
          if (!hasItsUrl(next)) throw makeUrlProblem()
          refuseTakingCredentials(stored, body)
          await saveMcpServer(name, { ...next, url: next.url ?? '' }, transaction)
        },
      },
      context,
    ),
})

export const deleteMcpServer = defineOperation({
  id: 'deleteMcpServer',
  method: 'DELETE',
  path: '/mcp-servers/{server}',
  summary: 'Deletes an MCP server; calls that run may end.',
  params: ofServer,
  answer: changeOf(mcpServerSchema),
  handle: ({ params: { server: name } }, context) =>
    makeChange(
      {
        ...changeOfServer(name, 'mcp_server.delete'),
        write: async (_before, transaction) => {
          await findServer(name, transaction)
          await removeServer(name, transaction)
        },
      },
      context,
    ),
})

type ChangedServer = Omit<RegisteredServerFields, 'url'> & { readonly url: string | null }

const changeOfServer = (name: string, action: ChangeAction): Omit<Change<MaskedServer>, 'write'> => ({
  action,
  target: { type: 'mcp_server', id: name },
  read: async (transaction) => {
    const server = await loadMcpServer(name, transaction)
    return server === undefined ? null : maskServer(server)
  },
  announce: () => [{ server: name }],
})

function makeUrlProblem(): ConsoleRefused {
  const problems = [{ path: 'body.url', message: 'goes with protocol http' }]
  return new ConsoleRefused('invalid_input', { fields: { problems } })
}
