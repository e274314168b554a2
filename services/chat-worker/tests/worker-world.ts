import { openBus, type Bus, type JetStreamManager } from '@omni2/bus'
import {
  flowMessageSchema,
  makeConversationId,
  makeTurnId,
  splitEvents,
  subjects,
  terminalFrameTypes,
  type FlowMessage,
  type ServerFrame,
  type StreamName,
  type TurnMessage,
} from '@omni2/contracts'
import { openDatabase, type Database } from '@omni2/db'
import { openModelSimulator, type ModelSimulator } from '@omni2/model-simulator'
import { openLogger } from '@omni2/service-kit'
import {
  bundleOf,
  findFreePort,
  openTestDatabase,
  openTestNats,
  openTestRedis,
  PlainViewer,
  startService,
  type TestDatabase,
  type TestNats,
  type TestProcess,
} from '@omni2/testkit'

const entry = bundleOf('chat-worker')

/** The surroundings of a worker, and a stand-in for the edge: it sends turns and receives their frames. */
export interface WorkerWorld extends AsyncDisposable {
  database: TestDatabase
  nats: TestNats
  model: ModelSimulator
  edge: Bus
  /** As an operator. */
  manager: JetStreamManager
  /** `url` is that of its health. */
  startWorker(env?: Record<string, string>): Promise<TestProcess & { url: string }>
  /** Starts one that is not ready soon. */
  launchWorker(env?: Record<string, string>): Promise<TestProcess & { url: string }>
  makeTurn(text: string, turn?: Partial<TurnMessage>): TurnMessage
  /** The messages of one subject in a stream, oldest first. */
  readStream(stream: StreamName, subject: string): Promise<string[]>
  /** The recorded messages of a turn. */
  readFlow(turnId: string): Promise<FlowMessage[]>
  /** Sends a turn and follows it: `frames` grows as they come. */
  send(turn: TurnMessage): Promise<FollowedTurn>
}

export interface FollowedTurn {
  frames: ServerFrame[]
  /** Resolves with the first frame of a type. */
  heard: (type: ServerFrame['type']) => Promise<ServerFrame>
  /** Resolves with the terminal frame. */
  ended: Promise<ServerFrame>
}

export const userId = 2

/** The database of a world as services use it, with one connection. */
export const openWorldDatabase = ({ database: { url } }: Pick<WorkerWorld, 'database'>): Database =>
  openDatabase({
    url,
    poolMax: 1,
    applicationName: 'test',
    statementTimeoutMs: 60_000,
    onPoolError: () => {},
  })

export interface WorldOptions {
  model?: Parameters<typeof openModelSimulator>[0]
}

export async function openWorkerWorld(options: WorldOptions = {}): Promise<WorkerWorld> {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await openTestDatabase())
  await seedUser(database)
  const nats = stack.use(await openTestNats())
  const redis = stack.use(await openTestRedis())
  const model = stack.use(await openModelSimulator({ port: 0, paceMs: 1, ...options.model }))
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const bus = { user: 'ws-edge', name: 'test', connectDeadlineMs: 5000, log } as const
  const edge = stack.use(await openBus({ ...bus, url: nats.urlFor('ws-edge') }))
  const operator = stack.use(await openBus({ ...bus, user: 'migrate', url: nats.urlFor('migrate') }))
  const manager = await operator.openManager()
  const workers = stack.use(new AsyncDisposableStack())

  const openWorker = async (env: Record<string, string>, { isReady }: { isReady: boolean }) => {
    const healthPort = env['HEALTH_PORT'] ?? String(await findFreePort())
    const url = `http://127.0.0.1:${healthPort}`
    const service = await startService({
      name: 'chat-worker',
      entry,
      ...(isReady ? { readyUrl: `${url}/readyz` } : {}),
      env: {
        HEALTH_PORT: healthPort,
        NATS_URL: nats.urlFor('chat-worker'),
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        ANTHROPIC_API_KEY: 'test',
        ANTHROPIC_BASE_URL: model.url,
        SHUTDOWN_DEADLINE_MS: '5000',
        ...env,
      },
    })
    workers.use(service)
    return { ...service, url }
  }
  const startWorker = (env: Record<string, string> = {}) => openWorker(env, { isReady: true })
  const launchWorker = (env: Record<string, string> = {}) => openWorker(env, { isReady: false })
  const send = async (turn: TurnMessage) => {
    const followed = followTurn(turn.session_id, edge)
    await edge.flush()
    await edge.publishDurably(subjects.turns, JSON.stringify(turn), { id: turn.session_id })
    return followed
  }
  const readStream = async (stream: StreamName, subject: string) => {
    const { state } = await manager.streams.info(stream)
    const payloads: string[] = []
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage(stream, { seq })
      if (message?.subject === subject) payloads.push(message.string())
    }
    return payloads
  }
  const readFlow = async (turnId: string) => {
    const payloads = await readStream('FLOW_EVENTS', subjects.flowEvents(turnId))
    return payloads.flatMap((payload): FlowMessage[] => {
      const message = flowMessageSchema.parse(JSON.parse(payload))
      return message.kind === 'settlement' ? [message] : splitEvents(message)
    })
  }
  const owned = stack.move()
  const world = {
    database,
    nats,
    model,
    edge,
    manager,
    startWorker,
    launchWorker,
    makeTurn,
    readStream,
    readFlow,
    send,
  }
  return { ...world, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function followTurn(turnId: string, edge: Bus): FollowedTurn {
  const frames: ServerFrame[] = []
  const waiting = new Set<{
    matches: (frame: ServerFrame) => boolean
    resolve: (frame: ServerFrame) => void
  }>()
  edge.subscribe(subjects.repliesOfTurn(turnId), (payload) => {
    const frame: ServerFrame = JSON.parse(Buffer.from(payload).toString())
    frames.push(frame)
    for (const waiter of waiting) if (waiter.matches(frame)) waiter.resolve(frame)
  })
  const waitFor = (matches: (frame: ServerFrame) => boolean): Promise<ServerFrame> => {
    const { promise, resolve } = Promise.withResolvers<ServerFrame>()
    const found = frames.find(matches)
    if (found) resolve(found)
    else waiting.add({ matches, resolve })
    return promise
  }
  const isTerminal = (frame: ServerFrame) => (terminalFrameTypes as readonly string[]).includes(frame.type)
  const ended = waitFor(isTerminal).then((end) => checkText(end, frames))
  return { frames, heard: (type) => waitFor((frame) => frame.type === type), ended }
}

/** If an attempt sent text, and every frame was received, its text is the answer of its end. */
function checkText(end: ServerFrame, frames: readonly ServerFrame[]): ServerFrame {
  const attempt = frames.filter((frame) => frame['attempt'] === end['attempt'] && frame.type !== 'snapshot')
  const viewer = new PlainViewer()
  const isWhole = attempt.length > 1 && attempt.every(({ seq }, index) => seq === index + 1)
  if (isWhole) for (const frame of attempt) viewer.take(frame)
  return end
}

function makeTurn(text: string, turn: Partial<TurnMessage> = {}): TurnMessage {
  const conversationId = makeConversationId()
  return {
    session_id: makeTurnId({ userId, conversationId }),
    conversation_id: conversationId,
    identity: {
      user_id: userId,
      username: 'developer',
      role: 'developer',
      sid: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
      session_exp: Math.floor(Date.now() / 1000) + 3600,
    },
    source: 'ws',
    client_msg_id: null,
    text,
    replaces: null,
    accepted_at: new Date().toISOString(),
    ...turn,
  }
}

async function seedUser(database: TestDatabase): Promise<void> {
  await database.query(`insert into auth_service.roles (id, name, mcp_access, tool_restrictions, rate_limit, cost_limit_daily)
    values (1, 'developer', '{files}', '{"files": ["read_*"]}', 1000, 10)`)
  await database.query(`insert into auth_service.users (id, username, name, role_id, active)
    values (${userId}, 'developer', 'Developer', 1, true), (3, 'other', 'Other', 1, true)`)
  await database.query(
    `insert into omni2.mcp_servers (name, url) values ('files', 'http://x'), ('mail', 'http://y')`,
  )
}
