import { Agent } from 'node:http'
import type { Socket } from 'node:net'

/** An agent for one request that goes over a connection which is open already. */
export function useConnection(connection: Socket): Agent {
  const agent = new Agent({ keepAlive: false })
  agent.createConnection = () => connection
  return agent
}
