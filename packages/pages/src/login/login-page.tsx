import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Redirect, useSearchParams } from 'wouter'
import { useSession } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { TextInput } from '../ui/text-input.tsx'
import { useTitle } from '../ui/use-title.ts'
import { LoginCard } from './login-card.tsx'

/** What the form sends. */
type Fields = Partial<Record<'username' | 'password', string>>

export function LoginPage() {
  useTitle('Sign in')
  const session = useSession()
  const [search] = useSearchParams()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  if (session.state === 'in') return <Redirect to={readNext(search.get('next'))} replace />
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { username = '', password = '' } = Object.fromEntries(new FormData(event.currentTarget)) as Fields
    setBusy(true)
    setError(undefined)
    await session.signIn({ username, password }).catch((reason: unknown) => setError(reason))
    setBusy(false)
  }
  const message = session.state === 'out' ? session.message : undefined
  return (
    <LoginCard>
      {message !== undefined && error === undefined && <Callout kind="info">{message}</Callout>}
      {error !== undefined && <Callout kind="error">{describeError(error)}</Callout>}
      <Form onSubmit={(event) => void submit(event)}>
        <TextInput label="Username" name="username" autoComplete="username" isRequired autoFocus />
        <TextInput
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
        />
        <Button type="submit" kind="primary" isDisabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
      </Form>
    </LoginCard>
  )
}

/** Only a path of these pages: a link must not lead elsewhere. */
export function readNext(next: string | null): string {
  if (next === null || !/^\/(?![/\\])/.test(next)) return '/'
  return next.startsWith('/login') ? '/' : next
}
