import { consumers, maxPayloadBytes, streams, type ConsumerName, type StreamName } from './streams.ts'
import { subjects } from './subjects.ts'

export const natsUsers = ['auth', 'ws-edge', 'chat-worker', 'flow-recorder', 'console', 'migrate'] as const

export type NatsUser = (typeof natsUsers)[number]

interface Access {
  publish: string[]
  subscribe: string[]
  /** Answers requests, so it may publish once to the reply subject of each. */
  responds?: boolean
}

/** Each user has its own inbox, so no service reads another's answers. */
export const inboxPrefixOf = (user: NatsUser): string => `_INBOX_${user}`

/** Where operators' own tools hear answers; no service does. */
const toolInbox = '_INBOX.>'

const seesStream = (stream: StreamName): string[] => [`$JS.API.STREAM.INFO.${stream}`]
const makesStream = (stream: StreamName): string[] => [
  ...seesStream(stream),
  `$JS.API.STREAM.CREATE.${stream}`,
]

/** Looks at every stream and what is in it; consumes, makes and empties none. */
const looksAtStreams = [
  '$JS.API.STREAM.NAMES',
  '$JS.API.STREAM.LIST',
  '$JS.API.STREAM.INFO.*',
  '$JS.API.STREAM.MSG.GET.*',
  '$JS.API.CONSUMER.NAMES.*',
  '$JS.API.CONSUMER.LIST.*',
  '$JS.API.CONSUMER.INFO.*.*',
]

function consumes(name: ConsumerName): string[] {
  const { stream } = consumers[name]
  return [
    `$JS.API.CONSUMER.INFO.${stream}.${name}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${name}`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${name}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`,
    `$JS.ACK.${stream}.${name}.>`,
  ]
}

/** What each service may publish and subscribe to: the least it needs. Only console and migrate read dead letters. */
export const natsAccess: Record<NatsUser, Access> = {
  auth: { publish: ['control.user.*'], subscribe: [] },
  'ws-edge': {
    publish: [
      subjects.open,
      subjects.recheck,
      subjects.turns,
      subjects.result,
      subjects.cancel,
      'chat.owner.*.*',
      'chat.viewers.*',
      // No event of a worker, and no settlement with what a turn cost.
      'flow.accepted.*',
      ...seesStream('CHAT_TURNS'),
      ...seesStream('FLOW_EVENTS'),
      // What a message asks that comes again, until its turn has ended; replies say it to every edge as well.
      '$JS.API.STREAM.MSG.GET.CHAT_TURNS',
    ],
    subscribe: ['chat.replies.>', 'chat.viewers.*', subjects.status, subjects.controlOfUsers],
    responds: true,
  },
  'chat-worker': {
    publish: [
      'chat.replies.>',
      'chat.owner.*.*',
      subjects.workers,
      'flow.events.*',
      'flow.live.*',
      subjects.dead('CHAT_TURNS'),
      ...makesStream('CHAT_TURNS'),
      ...makesStream('FLOW_EVENTS'),
      ...makesStream('DEAD_LETTERS'),
      ...consumes('chat-worker'),
      // What a killed server keeps of turns that have ended.
      '$JS.API.STREAM.MSG.GET.CHAT_TURNS',
      '$JS.API.STREAM.MSG.DELETE.CHAT_TURNS',
    ],
    subscribe: [
      subjects.open,
      subjects.recheck,
      subjects.result,
      subjects.cancel,
      subjects.tools,
      subjects.toolCall,
      subjects.status,
      subjects.workers,
      'chat.owner.*.*',
      subjects.controlOfUsers,
      subjects.controlOfTools,
      subjects.controlOfPrices,
    ],
    responds: true,
  },
  'flow-recorder': {
    publish: [
      subjects.dead('FLOW_EVENTS'),
      ...makesStream('FLOW_EVENTS'),
      ...makesStream('DEAD_LETTERS'),
      ...consumes('flow-recorder'),
      // What a killed server keeps of messages that are recorded.
      '$JS.API.STREAM.PURGE.FLOW_EVENTS',
    ],
    subscribe: [subjects.status],
    responds: true,
  },
  console: {
    publish: [
      subjects.cancel,
      subjects.tools,
      subjects.toolCall,
      subjects.status,
      subjects.controlOfUsers,
      subjects.controlOfTools,
      subjects.controlOfPrices,
      // Where dead letters are sent again.
      subjects.turns,
      'flow.events.*',
      'flow.accepted.*',
      ...looksAtStreams,
      '$JS.API.STREAM.MSG.DELETE.DEAD_LETTERS',
    ],
    subscribe: ['flow.live.*', 'dead.*', subjects.status, toolInbox],
    responds: true,
  },
  migrate: { publish: ['$JS.API.>'], subscribe: [toolInbox] },
}

/** Writes the part of a nats-server config file that holds users and permissions; valid from nats-server 2.9. */
export function makeNatsConfig(passwords: Record<NatsUser, string>): string {
  const users = natsUsers.map((user) => describeUser(user, passwords[user]))
  return `max_payload: ${maxPayloadBytes}\nauthorization {\n  users = [\n${users.join(',\n')}\n  ]\n}\n`
}

function describeUser(user: NatsUser, password: string): string {
  const { publish, subscribe, responds } = natsAccess[user]
  const permissions = {
    publish: { allow: ['$JS.API.INFO', ...publish] },
    subscribe: { allow: [`${inboxPrefixOf(user)}.>`, ...subscribe] },
    ...(responds ? { allow_responses: true } : {}),
  }
  return `    ${JSON.stringify({ user, password, permissions })}`
}

/** Streams in the order in which they are made. */
export const streamNames = Object.keys(streams) as StreamName[]
