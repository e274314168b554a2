/** JetStream streams and consumers in the wire format of the JetStream API (durations in nanoseconds). */

const second = 1_000_000_000
const mebibyte = 1024 * 1024

export const streams = {
  /** User messages on their way to one worker. */
  CHAT_TURNS: {
    name: 'CHAT_TURNS',
    subjects: ['chat.turns'],
    retention: 'workqueue',
    storage: 'file',
    discard: 'new',
    duplicate_window: 120 * second,
    max_age: 24 * 3600 * second,
    max_bytes: 512 * mebibyte,
    max_msg_size: 256 * 1024,
  },
  /** Recorded checkpoints and settlements on their way to the recorder; what is recorded leaves, so its size is the backlog. */
  FLOW_EVENTS: {
    name: 'FLOW_EVENTS',
    subjects: ['flow.events.*', 'flow.accepted.*'],
    retention: 'workqueue',
    storage: 'file',
    discard: 'new',
    duplicate_window: 120 * second,
    max_age: 7 * 24 * 3600 * second,
    max_bytes: 1024 * mebibyte,
    max_msg_size: 4 * mebibyte,
  },
  /** Messages that no service could process, kept for an operator. */
  DEAD_LETTERS: {
    name: 'DEAD_LETTERS',
    subjects: ['dead.*'],
    retention: 'limits',
    storage: 'file',
    discard: 'old',
    duplicate_window: 120 * second,
    max_age: 30 * 24 * 3600 * second,
    max_bytes: 256 * mebibyte,
    max_msg_size: 6 * mebibyte,
  },
} as const

export type StreamName = keyof typeof streams

/** Largest payload a NATS server must accept: a flow event carries whole texts. */
export const maxPayloadBytes = 8 * mebibyte

export const consumers = {
  /** Takes turns. The claim counts attempts, not the queue: a delivery limit would strand messages in silence. */
  'chat-worker': {
    stream: 'CHAT_TURNS',
    durable_name: 'chat-worker',
    ack_policy: 'explicit',
    ack_wait: 10 * second,
    max_deliver: -1,
    max_ack_pending: -1,
    max_waiting: 512,
    deliver_policy: 'all',
    replay_policy: 'instant',
  },
  /** Takes flow messages in batches. */
  'flow-recorder': {
    stream: 'FLOW_EVENTS',
    durable_name: 'flow-recorder',
    ack_policy: 'explicit',
    ack_wait: 30 * second,
    max_deliver: -1,
    max_ack_pending: 20_000,
    max_waiting: 512,
    deliver_policy: 'all',
    replay_policy: 'instant',
  },
} as const

export type ConsumerName = keyof typeof consumers

/** How often a worker says it is still at a message: under a third of its ack_wait. */
export const heartbeatMs = 3000
