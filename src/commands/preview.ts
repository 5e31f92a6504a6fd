/** `preview NEWSLETTER`: the next edition as HTML, text and .eml, without sending. */
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command } from 'commander'
import { type Run } from '../cli.ts'
import { previewNext } from '../compose.ts'
import { writeAtomically } from '../disk/write.ts'
import { columns, count } from '../terminal.ts'

export function register(program: Command, run: Run): void {
  program
    .command('preview')
    .argument('<newsletter>')
    .option('--open', 'show it in the browser')
    .description('the next edition as HTML, text and .eml, without sending anything')
    .action(
      run((call, newsletterId: string, { open }: { open?: boolean }) =>
        call.withApp(async (app) => {
          const { config } = app
          const next = await previewNext(
            {
              ...app,
              site: config.site,
              addresses: config.addresses,
              newsletters: config.newsletters,
              feeds: config.feeds,
            },
            newsletterId,
          )
          const directory = join(config.root, 'var', 'preview')
          await mkdir(directory, { recursive: true })
          const files = {
            html: join(directory, `${newsletterId}.html`),
            text: join(directory, `${newsletterId}.txt`),
            eml: join(directory, `${newsletterId}.eml`),
          }
          await writeAtomically(files.html, next.html)
          await writeAtomically(files.text, next.text)
          await writeAtomically(files.eml, next.eml)
          if (open === true) openInBrowser(files.html)
          const about = next.isNew
            ? `“${next.subject}”, ${count(next.articles, 'article')}. Nothing was sent.`
            : `Nothing is new since the last edition; this is how it would look with the latest ${count(next.articles, 'article')}.`
          const text = `${about}\n\n${columns([
            ['  HTML', files.html],
            ['  text', files.text],
            ['  .eml', files.eml],
          ])}`
          return { json: { subject: next.subject, articles: next.articles, isNew: next.isNew, files }, text, exit: 0 }
        }),
      ),
    )
}

/** Shows a file in the browser, where there is one. */
export function openInBrowser(path: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open'
  // The path is printed as well: a machine without a browser is no failure.
  spawn(opener, [path], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}
