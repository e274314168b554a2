import { makeNatsConfig, type NatsUser, natsUsers } from '@omni2/contracts'

/** The name under which the included passwords.conf holds a NATS user's password. */
const passwordVariable = (user: NatsUser): string =>
  `NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`

/** The nats-server config of docker compose: the services' users and permissions, passwords from a file beside it. */
export function makeComposeNatsConfig(): string {
  const placeholders = natsUsers.map((user) => [user, `$${passwordVariable(user)}`])
  const users = makeNatsConfig(Object.fromEntries(placeholders) as Record<NatsUser, string>)
  // A reference counts only outside of quotes.
  const referring = users.replaceAll(/"(\$NATS_PASSWORD_\w+)"/g, '$1')
  return `${head}${referring}`
}

const head = `# Written by \`npm run generate\` from packages/contracts; a test holds it in step.
listen: "0.0.0.0:4222"
# Answers health checks; compose does not publish it.
http: "127.0.0.1:8222"
jetstream {
  store_dir: "/data"
  # A turn that was accepted is on the disk, also when the machine loses its power.
  sync_interval: always
}
# NATS_PASSWORD_AUTH: "…" and so on, made by infra/make-secrets.sh.
include ./passwords.conf
`
