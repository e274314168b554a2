import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect } from 'node:net'

/** Connects to an edge without asking for anything; the request that is given this agent goes over that connection. */
export async function connectEarly({ url }: { url: string }): Promise<Agent> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  const agent = new Agent()
  agent.createConnection = () => socket
  return agent
}

/** Whether an edge listens. */
export async function takesConnections({ url }: { url: string }): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
