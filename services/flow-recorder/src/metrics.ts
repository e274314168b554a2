import { busMetrics } from '@omni2/bus'
import { listDeadLetterCauses } from '@omni2/contracts'
import { poolMetrics } from '@omni2/db'
import { declareMetrics, type Metrics } from '@omni2/telemetry'

export const recorderMetrics = declareMetrics({
  ...busMetrics,
  ...poolMetrics,
  messages: {
    type: 'counter',
    name: 'omni2_recorder_messages_total',
    help: 'Events and settlements by what became of them: an event that was new, one that was recorded before, a settlement; and messages that were given back at a shutdown',
    labels: { outcome: ['event', 'duplicate', 'settlement', 'given_back'] },
  },
  withoutConversation: {
    type: 'counter',
    name: 'omni2_recorder_messages_without_conversation_total',
    help: 'Messages of socket turns that name no conversation; each is a fault, for every socket has one',
  },
  deadLetters: {
    type: 'counter',
    name: 'omni2_dead_letters_total',
    help: 'Messages that can never be worked on, kept in DEAD_LETTERS, by why',
    labels: { cause: listDeadLetterCauses('flow-recorder') },
  },
  parkFailures: {
    type: 'counter',
    name: 'omni2_recorder_park_failures_total',
    help: 'Dead letters that could not be kept; they come again',
  },
  batchMessages: {
    type: 'histogram',
    name: 'omni2_recorder_batch_messages',
    help: 'Messages in a batch',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000],
  },
  batchSeconds: {
    type: 'histogram',
    name: 'omni2_recorder_batch_seconds',
    help: 'Time to write a batch, from its last message to its acknowledgement',
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
  },
  writeFailures: {
    type: 'counter',
    name: 'omni2_recorder_write_failures_total',
    help: 'Tries to write a batch that the database did not take and that are tried again',
  },
  delaySeconds: {
    type: 'histogram',
    name: 'omni2_recorder_delay_seconds',
    help: 'Age of the oldest message of a batch when it is recorded, counted from its storing in the stream',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
  },
  lagSeconds: {
    type: 'gauge',
    name: 'omni2_recorder_lag_seconds',
    help: 'Age of the oldest message that this process is recording right now; 0 when it has none',
  },
  pendingMessages: {
    type: 'gauge',
    name: 'omni2_recorder_pending_messages',
    help: 'Messages of FLOW_EVENTS that no recorder has acknowledged, by the server, every 2 seconds; the same in every replica',
  },
})

export type RecorderMetrics = Metrics<typeof recorderMetrics>
