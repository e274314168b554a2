import type { JetStreamManager, StoredMsg } from '@omni2/bus'

/** The first message of a stream behind a sequence, on subjects such as `dead.>`; null where there is none. */
export function findNextMessage(
  { stream, after, subject }: { readonly stream: string; readonly after: number; readonly subject: string },
  { streams }: Pick<JetStreamManager, 'streams'>,
): Promise<StoredMsg | null> {
  const query: NextQuery = { seq: after + 1, next_by_subj: subject }
  return streams.getMessage(stream, query)
}

/** The server's API takes both together (nats-server 2.9 and newer); the client's type knows only one of them. */
interface NextQuery {
  seq: number
  next_by_subj: string
}
