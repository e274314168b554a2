import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })

/** An MCP server on standard streams: one tool returns its environment, one ends the process, one freezes it. */
serveStdio(() => {
  const server = new McpServer({ name: 'stdio-double', version: '1' })
  const readOnly = { annotations: { readOnlyHint: true } }
  server.registerTool('show_environment', readOnly, () => text(JSON.stringify(process.env)))
  server.registerTool('die', {}, () => process.exit(1))
  server.registerTool('freeze', {}, () =>
    text(Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)),
  )
  return server
})
