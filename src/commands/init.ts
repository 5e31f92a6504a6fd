/** `init URL [DIR]`: finds the feed of a site and writes a working broadsheet.yaml for it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type Command } from 'commander'
import { parse } from 'yaml'
import { type Run } from '../cli.ts'
import { readConfig } from '../config.ts'
import { describe, Failure } from '../failures.ts'
import { checkConfig } from './check.ts'
import { allowOption, withReading } from './extract.ts'
import { describeFeed } from './inspect.ts'
import { lookAt, type FoundFeed, type SiteView } from './site.ts'

export function register(program: Command, run: Run): void {
  program
    .command('init')
    .argument('<url>', 'the site, or its feed')
    .argument('[dir]', 'the folder to write to', '.')
    .addOption(allowOption())
    .description('look at a site and write a working broadsheet.yaml for it')
    .action(
      run(async (call, url: string, dir: string, { allow }: { allow: string[] }) => {
        const { view } = await withReading(call, url, allow, (fetch) => lookAt(url, fetch))
        const [feed] = view.feeds
        if (feed === undefined) throw new Failure('init.noFeed', { url: view.url, sitemap: view.sitemaps[0] })
        const file = join(dir, 'broadsheet.yaml')
        await writeNew(dir, file, writeConfig(view, feed, allow))
        const checked = await checkConfig(await readConfig(file, process.env))
        const go = relative('.', dir) === '' ? '' : `cd ${quoteForShell(dir)} && `
        const text = [
          `found ${feed.url}: ${describeFeed(feed)}`,
          `wrote ${file}`,
          checked.text,
          '',
          `Next: ${go}broadsheet serve`,
        ].join('\n')
        return { json: { file, feed, site: view, next: `${go}broadsheet serve` }, text, exit: checked.exit }
      }),
    )
}

/** Writes the file only if there is none: two at once write one. */
async function writeNew(dir: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true })
    await writeFile(file, text, { flag: 'wx' })
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'EEXIST') throw new Failure('init.exists', { file }, thrown)
    throw new Failure('disk.write', { file, reason: describe(thrown) }, thrown)
  }
}

/** The config for a site and its feed, with what is to be decided later as comments. */
export function writeConfig(view: SiteView, feed: FoundFeed, allow: string[]): string {
  const title = view.title ?? feed.title ?? new URL(view.url).hostname
  const known = (key: string, value: string | null) => (value === null ? [] : [`  ${key}: ${scalar(value)}`])
  return `${[
    `# Broadsheet for ${view.url}, written by \`broadsheet init\`.`,
    '# After a change: `broadsheet check`. Every key: docs/config.md',
    '',
    'site:',
    `  title: ${scalar(title)}`,
    `  url: ${scalar(view.url)}`,
    ...known('description', view.description),
    ...known('language', view.language),
    '  timezone: UTC # in which dates are shown and schedules are meant, such as Europe/London',
    ...known('colour', view.colour),
    ...known('logo', view.logo),
    '  # address: 1 Quay Street, Harbour HB1 2AA # postal; every mail must carry one',
    '',
    'server:',
    '  # url: https://news.example/ # where this installation is reachable; links in mails lead there',
    '  listen: 127.0.0.1:8080',
    '',
    'sources:',
    '  - id: main',
    '    kind: rss',
    `    url: ${scalar(feed.url)}`,
    ...(feed.isFull
      ? ['    # fullText: true # reads each article’s own page too; this feed seems to hold the whole text']
      : ['    fullText: true # this feed seems to hold only the beginnings: each article’s own page is read']),
    '',
    'feeds:',
    '  - id: all',
    `    title: ${scalar(title)}`,
    '',
    '# newsletters: # need site.address and server.url',
    '#   - id: weekly',
    `#     title: ${scalar(`${title} Weekly`)}`,
    `#     from: ${scalar('The Editors <weekly@news.example>')}`,
    "#     schedule: '0 7 * * sat'",
    ...(allow.length === 0 ? [] : ['', 'fetch:', `  allow: [${allow.map(scalar).join(', ')}]`]),
  ].join('\n')}\n`
}

/** A text on one line, in quotes where YAML wants them. What a site writes is never a variable to be filled in. */
function scalar(text: string): string {
  const inert = text.replaceAll('${', /^https?:/.test(text) ? '$%7B' : '$ {')
  // Every JSON text is YAML (YAML 1.2, section 1.3).
  return isPlain(inert) ? inert : JSON.stringify(inert)
}

/** Whether YAML reads the bare text as the same text, even within brackets. */
function isPlain(text: string): boolean {
  try {
    const read: unknown = parse(`[${text}]`, { logLevel: 'error', mapAsMap: true })
    return Array.isArray(read) && read.length === 1 && read[0] === text
  } catch {
    return false
  }
}

function quoteForShell(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
