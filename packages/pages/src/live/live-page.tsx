import './live-page.css'
import { useState } from 'react'
import { useRights } from '../session/use-rights.ts'
import { Callout } from '../ui/callout.tsx'
import { useTitle } from '../ui/use-title.ts'
import { DeadLetters } from './dead-letters.tsx'
import { FollowedUser } from './followed-user.tsx'
import { RunningTurns } from './running-turns.tsx'

/** What happens right now; for operators. */
export default function LivePage() {
  useTitle('Live')
  const rights = useRights()
  const [userId, setUserId] = useState<number>()
  if (rights.isPending) return null
  if (!rights.data?.is_operator)
    return (
      <main className="prose-page">
        <Callout kind="error">This page is for operators. Your role does not include it.</Callout>
      </main>
    )
  return (
    <main className="live">
      <h1>Live</h1>
      <RunningTurns mayChange={rights.data.is_administrator} onFollow={setUserId} />
      <FollowedUser userId={userId} mayChange={rights.data.is_administrator} onChoose={setUserId} />
      <DeadLetters mayChange={rights.data.is_administrator} />
    </main>
  )
}
