import './shell.css'
import type { Me } from '@omni2/client'
import { ChartNoAxesGantt, LogOut, MessageSquare } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useSession } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'

const places = [
  {
    href: '/',
    name: 'Chat',
    Icon: MessageSquare,
    isHere: (path: string) => path === '/' || path.startsWith('/chat'),
  },
  {
    href: '/analytics/flow-history',
    name: 'Flow history',
    Icon: ChartNoAxesGantt,
    isHere: (path: string) => path.startsWith('/analytics'),
  },
] as const

/** What every page has around it: where one is, who one is, and the way out. */
export function Shell({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const [path] = useLocation()
  const { signOut } = useSession()
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
          {places.map(({ href, name, Icon, isHere }) => (
            <Link
              key={href}
              href={href}
              className="shell-link"
              aria-current={isHere(path) ? 'page' : undefined}
            >
              <Icon size={17} aria-hidden /> <span>{name}</span>
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
