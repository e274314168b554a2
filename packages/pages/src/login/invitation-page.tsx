import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Redirect } from 'wouter'
import { useSession } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { TextInput } from '../ui/text-input.tsx'
import { useTitle } from '../ui/use-title.ts'
import { LoginCard } from './login-card.tsx'

type Fields = Partial<Record<'password' | 'repeated', string>>

/** Whoever was invited chooses a password here, once, and is signed in with it. */
export function InvitationPage() {
  useTitle('Choose a password')
  const session = useSession()
  // Only this page knows it: what follows a # is sent to no server, and the history keeps no secret.
  const [invitation] = useState(takeFragment)
  const [isAccepted, setAccepted] = useState(false)
  const [error, setError] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  if (isAccepted && session.state === 'in') return <Redirect to="/" replace />
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { password = '', repeated } = Object.fromEntries(new FormData(event.currentTarget)) as Fields
    if (password !== repeated) return setError('The two passwords are not the same.')
    setBusy(true)
    setError(undefined)
    try {
      await session.signIn({ invitation, password })
      setAccepted(true)
    } catch (reason) {
      setError(describeError(reason))
    }
    setBusy(false)
  }
  if (invitation === '')
    return (
      <LoginCard>
        <Callout kind="error">This link is not whole: open it again as you were given it.</Callout>
      </LoginCard>
    )
  return (
    <LoginCard>
      {error === undefined ? (
        <Callout kind="info">Choose a password of 12 characters or more. The link works once.</Callout>
      ) : (
        <Callout kind="error">{error}</Callout>
      )}
      <Form onSubmit={(event) => void submit(event)}>
        <TextInput
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          isRequired
          autoFocus
        />
        <TextInput
          label="The same again"
          name="repeated"
          type="password"
          autoComplete="new-password"
          isRequired
        />
        <Button type="submit" kind="primary" isDisabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Set password and sign in'}
        </Button>
      </Form>
    </LoginCard>
  )
}

/** What followed the # of the address, which has none from now on. */
function takeFragment(): string {
  const fragment = globalThis.location.hash.slice(1)
  if (fragment !== '')
    globalThis.history.replaceState(globalThis.history.state, '', globalThis.location.pathname)
  return fragment
}
