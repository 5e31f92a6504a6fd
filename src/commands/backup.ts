/** `backup FILE`: a checked copy of the database, made while everything goes on. */
import { basename } from 'node:path'
import { type Command } from 'commander'
import { type Run } from '../cli.ts'
import { backUp } from '../store/backup.ts'

interface Options {
  force?: boolean
}

export function register(program: Command, run: Run): void {
  program
    .command('backup')
    .argument('<file>', 'where the copy goes; only you can read it')
    .option('--force', 'replace the file if it is there')
    .description('copy the database while everything goes on, and check the copy')
    .action(
      run(async (call, file: string, { force = false }: Options) => {
        // The database is not opened as for other commands: that would migrate it, and a copy changes nothing.
        const { databasePath } = await call.config()
        const id = basename(file)
        const report = (done: number, total: number) => call.progress.report({ verb: 'backup', id, done, total })
        const copied = await backUp(databasePath, file, { force, report })
        call.log.info({ bytes: copied.bytes }, 'database copied')
        const text = `${copied.path} holds the whole database (${size(copied.bytes)}), checked from end to end.`
        return { json: copied, text, exit: 0 }
      }),
    )
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
