/** `init URL [DIR]`: finds the articles of a site and writes a working broadsheet.yaml for it. */
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
import { lookAt, type SiteView } from './site.ts'

export function register(program: Command, run: Run): void {
  program
    .command('init')
    .argument('<url>', 'the site, or its feed')
    .argument('[dir]', 'the folder to write to', '.')
    .addOption(allowOption())
    .description('look at a site and write a working broadsheet.yaml for it')
    .action(
      run(async (call, url: string, dir: string, { allow }: { allow: string[] }) => {
        const { view } = await withReading(call, url, allow, (fetch, parse) => lookAt(url, fetch, parse))
        const source = chooseSource(view)
        if (source === undefined) throw new Failure('init.noFeed', { url: view.url })
        const file = join(dir, 'broadsheet.yaml')
        await writeNew(dir, file, writeConfig(view, source, allow))
        const checked = await checkConfig(await readConfig(file, process.env))
        const go = relative('.', dir) === '' ? '' : `cd ${quoteForShell(dir)} && `
        const text = [
          `found ${source.url}: ${source.found}`,
          `wrote ${file}`,
          checked.text,
          '',
          `Next: ${go}broadsheet serve`,
        ].join('\n')
        return {
          json: { file, source, feed: view.feeds[0] ?? null, site: view, next: `${go}broadsheet serve` },
          text,
          exit: checked.exit,
        }
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

/** What the config is to read, and why that of all there is. */
export interface ChosenSource {
  kind: 'rss' | 'auto' | 'wordpress' | 'sitemap'
  url: string
  /** In words. */
  found: string
  /** Lines for the config, below kind and url; comments begin with `#`. */
  lines: string[]
  /** What the feed calls the publication. */
  title: string | null
}

/** A feed before anything else; without one the lists of the page, then the API, then the sitemap. */
export function chooseSource(view: SiteView): ChosenSource | undefined {
  const { lists } = view
  const listed = lists?.articles.length ?? 0
  const besides = [
    ...(listed > 1 ? [`the page lists ${listed} articles (kind: auto)`] : []),
    ...(view.wordpress === null ? [] : [`WordPress answers at ${view.wordpress} (kind: wordpress)`]),
    ...view.sitemaps.slice(0, 1).map((sitemap) => `a sitemap is at ${sitemap} (kind: sitemap)`),
  ]
  const also = besides.map((one) => `# besides: ${one}`)
  const [feed] = view.feeds.filter(({ items }) => items > 0)
  if (feed !== undefined) {
    const words = feed.isFull
      ? '# fullText: true # reads each article’s own page too; this feed seems to hold the whole text'
      : 'fullText: true # this feed seems to hold only the beginnings: each article’s own page is read'
    return { kind: 'rss', url: feed.url, found: describeFeed(feed), lines: [words, ...also], title: feed.title }
  }
  const none = '# no feed is linked, and there is none at the usual places'
  if (lists !== null && listed > 1) {
    const taken = lists.lists.filter(({ isTaken, selector }) => isTaken && selector !== null)
    const places = taken
      .slice(0, 5)
      .map(({ selector, items, first }) => `# found in ${selector ?? ''}: ${items}, the first “${first}”`)
    const found = `${listed} articles ${lists.chosen === 'lists' ? 'in its lists' : `in its ${lists.chosen}`}`
    const example = '# select: { item: article.card, title: h2, date: time } # only where something is not found well'
    return { kind: 'auto', url: view.url, found, lines: [none, ...places, example, ...also.slice(1)], title: null }
  }
  const [sitemap] = view.sitemaps
  if (view.wordpress !== null)
    return { kind: 'wordpress', url: view.url, found: 'the API of WordPress', lines: [none], title: null }
  if (sitemap !== undefined)
    return { kind: 'sitemap', url: sitemap, found: 'a sitemap', lines: [none, '# include: [/news/] # a sitemap holds every page of a site'], title: null } // prettier-ignore
  return undefined
}

/** The config for a site and its source, with what is to be decided later as comments. */
export function writeConfig(view: SiteView, source: ChosenSource, allow: string[]): string {
  const title = view.title ?? source.title ?? new URL(view.url).hostname
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
    `    kind: ${source.kind}`,
    `    url: ${scalar(source.url)}`,
    ...source.lines.map((line) => `    ${inert(line)}`),
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

/** A line of which a part is the site's own words, which end no line and are no variable. */
function inert(line: string): string {
  return line.replace(/[\p{C}\s]+/gu, ' ').replaceAll('${', '$ {')
}

/** A text on one line, in quotes where YAML wants them. What a site writes is never a variable to be filled in. */
function scalar(text: string): string {
  const harmless = text.replaceAll('${', /^https?:/.test(text) ? '$%7B' : '$ {')
  // Every JSON text is YAML (YAML 1.2, section 1.3).
  return isPlain(harmless) ? harmless : JSON.stringify(harmless)
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
