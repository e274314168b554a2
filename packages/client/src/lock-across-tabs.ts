interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** Does one thing at a time for a deployment, in all tabs of a page's origin, where the platform has locks (Web Locks API). */
export function lockAcrossTabs<T>(url: string, work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis as { navigator?: { readonly locks?: Locks } }
  return navigator?.locks ? navigator.locks.request(`omni2-login ${url}`, work) : work()
}
