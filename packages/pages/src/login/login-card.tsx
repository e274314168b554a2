import './login-page.css'
import type { ReactNode } from 'react'

/** The frame of the pages that need no session. */
export function LoginCard({ children }: { readonly children: ReactNode }) {
  return (
    <main className="login">
      <div className="login-card">
        <h1>
          <img src="/favicon.svg" alt="" width="36" height="36" /> OMNI2 Chat
        </h1>
        {children}
      </div>
    </main>
  )
}
