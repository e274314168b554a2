import { flushCompileCache } from 'node:module'
import { Server } from 'node:net'
import { openHealthServer, Readiness } from '@omni2/service-kit'

/**
 * Serves the demo tools: the reference MCP server, which has no option for its address, held to the loopback one. Run
 * with the port of its /mcp and the port of /readyz.
 */
const [port = '', healthPort = ''] = process.argv.slice(2)
const loopback = '127.0.0.1'

const readiness = new Readiness(['mcp'])
await openHealthServer({ host: loopback, port: Number(healthPort) }, readiness)

const listen: Server['listen'] = Reflect.get(Server.prototype, 'listen')
Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]) {
  const onListening = args.findLast((argument) => typeof argument === 'function')
  if (typeof onListening === 'function') this.once('listening', () => Reflect.apply(onListening, this, []))
  this.once('listening', () => readiness.meet('mcp'))
  return Reflect.apply(listen, this, [{ host: loopback, port: Number(port) }])
}
// It names this port in its log.
process.env['PORT'] = port
await import(import.meta.resolve('@modelcontextprotocol/server-everything/dist/transports/streamableHttp.js'))
// A signal ends this process without writing what it has compiled.
flushCompileCache()
