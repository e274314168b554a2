import type { CommandLine } from './command-line.ts'
import { chooseServices } from './configuration/choose-services.ts'
import { describeVariables, type ServiceVariable } from './configuration/describe-variables.ts'

/** `npm run config -- list`: every variable of each service with its default. */
export async function listCommand(
  { service }: Pick<CommandLine, 'service'>,
  { root }: { root: string },
): Promise<string> {
  const names = chooseServices(service).map(({ name }) => name)
  const all = await describeVariables(root)
  return names
    .map((name) =>
      formatBlock(
        name,
        all.filter((one) => one.service === name),
      ),
    )
    .join('\n')
}

const formatBlock = (service: string, variables: readonly ServiceVariable[]): string =>
  `${service}\n${variables.map((variable) => `${formatLine(variable)}\n`).join('')}`

function formatLine({ name, fallback, isRequired, isSecret, kind }: ServiceVariable): string {
  const state = isRequired ? 'required' : fallback === undefined ? 'not set' : `= ${fallback}`
  return `  ${name.padEnd(36)} ${state.padEnd(24)} ${isSecret ? 'secret' : kind.replaceAll('`', '')}`.trimEnd()
}
