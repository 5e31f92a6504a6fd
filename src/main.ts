/** From argv to one command, and its exit code. */
import { runCommandLine } from './cli.ts'

process.exitCode = await runCommandLine(process.argv.slice(2))
