import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ApiAnswers } from '../../session/api-answers.ts'
import { useApi } from '../../session/session.tsx'
import { CopyButton } from '../../markdown/code-block.tsx'
import { Button } from '../../ui/button.tsx'
import { formatTime } from '../../ui/format.ts'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeState } from '../change-state.tsx'
import { adminPath, useChange } from '../use-change.ts'
import { usersQuery } from './user.ts'

interface InvitationProps {
  readonly userId: number
  readonly now: ApiAnswers['getUser']['invitation']
}

/** A link with which a person sets the password of an account: made, shown once, and taken back. */
export function Invitation({ userId, now }: InvitationProps) {
  const path = `/users/${userId}/invitation`
  const api = useApi()
  const queries = useQueryClient()
  const invite = useMutation({
    mutationFn: () => api.request<ApiAnswers['inviteUser']>('POST', `${adminPath}${path}`, { body: {} }),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery }),
  })
  const withdrawal = useChange({ queryKeys: [usersQuery] })
  // The link is void as soon as the invitation is.
  const link = now && invite.data && `${globalThis.location.origin}${invite.data.link}`
  return (
    <div className="admin-form">
      {link && (
        <div className="admin-row">
          <TextInput label="Link to give to the user, shown only now" value={link} isReadOnly />
          <CopyButton text={link} label="Copy link" />
        </div>
      )}
      <div className="admin-row">
        <Button onPress={() => invite.mutate()}>{now ? 'Make another invitation' : 'Invite'}</Button>
        {now && <Button onPress={() => withdrawal.change(['DELETE', path])}>Withdraw invitation</Button>}
        <span className="soft">
          {now
            ? `Invited until ${formatTime(now.expires_at)}: the link sets a password, once.`
            : 'Makes a link with which the user chooses a password.'}
        </span>
      </div>
      {invite.error !== null && <ChangeState of={invite} />}
      {withdrawal.error !== null && <ChangeState of={withdrawal} />}
    </div>
  )
}
