import './shell.css'
import type { Me } from '@omni2/client'
import { Activity, ChartNoAxesGantt, LogOut, type LucideIcon, MessageSquare, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useSession } from '../session/session.tsx'
import { useRights } from '../session/use-rights.ts'
import { Button } from '../ui/button.tsx'

interface Place {
  readonly href: string
  readonly name: string
  readonly Icon: LucideIcon
  /** The paths below which one is there. */
  readonly below: readonly string[]
  readonly isForOperators?: boolean
}

const places: readonly Place[] = [
  { href: '/', name: 'Chat', Icon: MessageSquare, below: ['/chat'] },
  { href: '/analytics/flow-history', name: 'Flow history', Icon: ChartNoAxesGantt, below: ['/analytics'] },
  { href: '/live', name: 'Live', Icon: Activity, below: ['/live'], isForOperators: true },
  { href: '/admin', name: 'Administration', Icon: Users, below: ['/admin'], isForOperators: true },
]

const isHere = (path: string, { href, below }: Place): boolean =>
  path === href || below.some((each) => path === each || path.startsWith(`${each}/`))

/** What every page has around it: where one is, who one is, and the way out. */
export function Shell({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const [path] = useLocation()
  const { signOut } = useSession()
  const isOperator = useRights().data?.is_operator ?? false
  const shown = places.filter(({ isForOperators = false }) => isOperator || !isForOperators)
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="shell-bar">
        <Link href="/" className="shell-brand" aria-label="OMNI2 Chat, home">
          <img src="/favicon.svg" alt="" width="26" height="26" />
          <span>OMNI2</span>
        </Link>
        <nav aria-label="Pages">
          {shown.map((place) => (
            <Link
              key={place.href}
              href={place.href}
              className="shell-link"
              aria-current={isHere(path, place) ? 'page' : undefined}
              aria-label={place.name}
            >
              <place.Icon size={17} aria-hidden /> <span>{place.name}</span>
            </Link>
          ))}
        </nav>
        <div className="shell-me">
          <span className="soft" title={me.role}>
            {me.username}
          </span>
          <Button kind="quiet" isSmall isIcon aria-label="Sign out" onPress={() => void signOut()}>
            <LogOut size={17} aria-hidden />
          </Button>
        </div>
      </header>
      <div className="shell-page" id="main">
        {children}
      </div>
    </div>
  )
}
