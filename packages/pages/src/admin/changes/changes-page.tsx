import type { ItemOf } from '../../session/item-of.ts'
import type { Page } from '@omni2/client'
import { useApi } from '../../session/session.tsx'
import { usePages } from '../../session/use-pages.ts'
import { Busy } from '../../ui/busy.tsx'
import { Callout } from '../../ui/callout.tsx'
import { describeError } from '../../ui/describe-error.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { formatTime } from '../../ui/format.ts'

/** Everything that operators changed, the newest first, with what was before and after. */
export function ChangesPage() {
  const api = useApi()
  const list = usePages(['changes'], (cursor, signal) =>
    api.request<Page<ItemOf<'listChanges'>>>('GET', '/api/admin/v1/changes', {
      query: { cursor, limit: 50 },
      signal,
    }),
  )
  const { items: changes } = list
  return (
    <section aria-label="Audit log" className="admin-part">
      {list.isPending && <Busy label="Loading the audit log…" />}
      {list.error && <Callout kind="error">{describeError(list.error)}</Callout>}
      {list.isSuccess && changes.length === 0 && <p className="soft">Nothing has been changed yet.</p>}
      <ol className="changes">
        {changes.map((change) => (
          <li key={change.id}>
            <details>
              <summary>
                <strong>{change.action}</strong>
                <span className="mono">
                  {change.target_type} {change.target_id}
                </span>
                <span className="soft">
                  user {change.user_id} as {change.role}, {formatTime(change.at)}
                </span>
              </summary>
              <div className="change-sides">
                <pre tabIndex={0} aria-label="Before">
                  {JSON.stringify(change.before, null, 2)}
                </pre>
                <pre tabIndex={0} aria-label="After">
                  {JSON.stringify(change.after, null, 2)}
                </pre>
              </div>
            </details>
          </li>
        ))}
      </ol>
      <MoreButton list={list} />
    </section>
  )
}
