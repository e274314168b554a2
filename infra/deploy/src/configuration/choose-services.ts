import { type ConfiguredService, services } from './services.ts'

/** The service of this name, or all. Throws where there is none. */
export function chooseServices(name: string | undefined): readonly ConfiguredService[] {
  if (name === undefined) return services
  const chosen = services.filter((service) => service.name === name)
  if (chosen.length === 0)
    throw new Error(`no service ${name}; there are ${services.map((service) => service.name).join(', ')}`)
  return chosen
}
