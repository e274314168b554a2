import { describeFailure } from '../describe-failure.ts'
import { OperatorError } from '../operator-error.ts'
import { makePrintable } from '../output/make-printable.ts'
import { bootstrap } from './bootstrap.ts'

// The job `bootstrap` of compose: `npm run admin -- bootstrap` does the same.
try {
  process.exitCode = await bootstrap(process.argv.slice(2), { env: process.env })
} catch (error) {
  process.stderr.write(`bootstrap: ${makePrintable(describeFailure(error))}\n`)
  process.exitCode = error instanceof OperatorError ? error.exitCode : 1
}
