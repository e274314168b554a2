import type { ThreadItem } from './thread-item.ts'

/** Characters of an answer that are read out at its end. */
const spokenLength = 200

/** What a screen reader says of the newest reply: its start and its end, and never each token. */
export function announce(
  item: Pick<ThreadItem, 'state' | 'text' | 'notice'> | undefined,
  seconds: number,
): string {
  if (!item) return ''
  switch (item.state) {
    case 'sending':
      return 'Message sent.'
    case 'running':
      if (item.notice === 'restarted') return 'The answer begins again.'
      if (item.text === '') return 'Waiting for the answer.'
      return seconds < 15 ? 'Answer started.' : `Still answering, ${Math.floor(seconds / 15) * 15} seconds.`
    case 'stopping':
      return 'Stopping.'
    case 'done':
      return `Answer complete. ${readAloud(item.text)}`
    case 'cancelled':
      return 'Answer stopped.'
    case 'failed':
      return ''
  }
}

function readAloud(text: string): string {
  const plain = text
    .replaceAll(/[`*_#>|]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return plain.length <= spokenLength ? plain : `${plain.slice(0, spokenLength)}…`
}
