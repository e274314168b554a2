import { stopCommand } from '../data-folder/stop-command.ts'
import type { Run } from './describe-run.ts'
import { formatTryIt } from './format-try-it.ts'

/** What a person reads when everything runs. */
export function formatSummary(run: Run, { root }: { root: string }): string {
  const lines = [
    '',
    `OMNI2 Chat runs at ${run.url}   (WebSocket: ${run.url.replace('http', 'ws')}/ws/chat)`,
    '',
    ...formatUsers(run),
    `Model      ${run.model.description}`,
    `Database   ${run.databaseUrl}`,
    `Logs       ${run.folder.logs}`,
    ...run.notes.map((note) => `Note       ${note}`),
    '',
    ...formatTryIt(run, { root }),
    `Stop it with Ctrl-C here, or with ${stopCommand(run.folder.path, { root })}`,
    '',
  ]
  return lines.join('\n')
}

function formatUsers({ users }: Run): string[] {
  if (users.length === 0)
    return [
      'No demo users: the database was given (--seed adds them to it)',
      'Where the database has no users yet: npm run admin -- bootstrap <username>',
      '',
    ]
  const width = Math.max(...users.map((user) => user.username.length))
  const rows = users.map(
    ({ id, username, password, role }) => `  ${id}  ${username.padEnd(width)}  ${password}  ${role}`,
  )
  return ['Demo users (id, name, password, role)', ...rows, '']
}
