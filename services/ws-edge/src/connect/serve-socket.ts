import { addAbortListener } from 'node:events'
import { makeConversationId } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import { Connection } from '../connection/connection.ts'
import { serveConnection, type FlowDeps } from '../flow.ts'
import { FrameRate } from './frame-rate.ts'
import { keepAlive } from './heartbeat.ts'
import { limitAge } from './limit-age.ts'
import { admitFrame, receiveFrame } from './receive-frame.ts'
import type { WebSocket } from 'ws'
import type { AcceptedSocket } from './upgrade.ts'

export type SocketDeps = FlowDeps & {
  readonly random: () => number
  readonly log: Logger
}

/** Makes an accepted socket a connection, listens to it, watches over it and lets it be served; never throws. */
export async function serveSocket(accepted: AcceptedSocket, deps: SocketDeps): Promise<void> {
  const connection = openConnection(accepted, deps)
  try {
    await serveConnection(connection, accepted.reopening, deps)
  } catch (err) {
    connection.fail(err)
  }
}

function openConnection(accepted: AcceptedSocket, deps: SocketDeps): Connection {
  const { socket, identity, reopening, address } = accepted
  const conversationId = reopening.state === 'asked' ? reopening.conversationId : makeConversationId()
  const connection = new Connection(socket, { identity, conversationId, address }, deps)
  listen(socket, connection, deps)
  const heartbeat = keepAlive(socket, {
    intervalMs: deps.config.EDGE_PING_INTERVAL_MS,
    random: deps.random,
    onSilent: () => connection.close(4408),
  })
  addAbortListener(connection.ended, () => heartbeat[Symbol.dispose]())
  limitAge(connection, deps)
  deps.connections.add(connection)
  return connection
}

function listen(socket: WebSocket, connection: Connection, deps: SocketDeps): void {
  const receive = { ...deps, rate: makeFrameRate(deps) }
  socket.on('ping', () => void admitFrame(connection, receive))
  socket.on('message', (data, isBinary) => {
    receiveFrame({ data, isBinary }, connection, receive).catch((err: unknown) => connection.fail(err))
  })
}

const makeFrameRate = ({ config, now }: SocketDeps): FrameRate =>
  new FrameRate(
    {
      perSecond: config.EDGE_FRAMES_PER_SECOND,
      burst: config.EDGE_FRAMES_BURST,
      refusable: config.EDGE_FRAMES_REFUSED,
    },
    { now },
  )
