/** Container images by server. */
export const images = {
  postgres: 'postgres:18-alpine',
  'nats-server': 'nats:2.12-alpine',
  'redis-server': 'redis:8-alpine',
} as const
