import './live-page.css'
import { useState } from 'react'
import { OperatorsOnly } from '../session/operators-only.tsx'
import { useTitle } from '../ui/use-title.ts'
import { DeadLetters } from './dead-letters.tsx'
import { FollowedUser } from './followed-user.tsx'
import { RunningTurns } from './running-turns.tsx'
import { SystemView } from './system-view.tsx'

/** What happens right now; for operators. */
export default function LivePage() {
  useTitle('Live')
  const [userId, setUserId] = useState<number>()
  return (
    <OperatorsOnly>
      {({ mayChange }) => (
        <main className="live">
          <h1>Live</h1>
          <SystemView />
          <RunningTurns mayChange={mayChange} onFollow={setUserId} />
          <FollowedUser userId={userId} mayChange={mayChange} onChoose={setUserId} />
          <DeadLetters mayChange={mayChange} />
        </main>
      )}
    </OperatorsOnly>
  )
}
