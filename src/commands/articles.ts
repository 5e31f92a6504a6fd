/** `articles`: what was collected, where each field came from, what became of it, and the editor's hand on it. */
import { readFile } from 'node:fs/promises'
import { type Command } from 'commander'
import { type App } from '../app.ts'
import { makeArticle, readBody } from '../articles/article.ts'
import { matches } from '../articles/choice.ts'
import { readDate } from '../articles/dates.ts'
import { absolute } from '../articles/links.ts'
import { excerptOf } from '../articles/text.ts'
import { type Result, type Run } from '../cli.ts'
import { describe, Failure } from '../failures.ts'
import { findArticles } from '../find-article.ts'
import { type Body } from '../item.ts'
import { type Article } from '../model.ts'
import { CORRECTABLE, correctArticle, undoCorrections, type Correctable, type Corrected } from '../store/article-corrections.ts' // prettier-ignore
import { excludeArticle, pinArticle, restoreArticle, withdrawArticle } from '../store/article-fates.ts'
import { filedById, searchArticles, type Filed, type Search } from '../store/article-search.ts'
import { type Database } from '../store/database.ts'
import { type Recall } from '../store/recalls.ts'
import { wantTick } from '../store/ticks.ts'
import { columns } from '../terminal.ts'
import { showRecalls, tellArticle, toListed, type Listed } from './article-view.ts'

const naming = 'any address that it has or had, or the beginning of its id'

export function register(program: Command, run: Run): void {
  const articles = program
    .command('articles')
    .description('what was collected: list, show, and your hand on it: pin, exclude, correct, withdraw')
    .addHelpText(
      'after',
      `
An article is named by an address, also one that it had before, or by the beginning of its id:
  broadsheet articles list --text ferry             which there are
  broadsheet articles show https://gazette.example/news/ferry
  broadsheet articles pin 1f2e3d4c                   it leads feeds and the next edition
  broadsheet articles exclude 1f2e3d4c               it is in no feed and no newsletter, but kept
  broadsheet articles correct 1f2e3d4c --title "The ferry is back"
  broadsheet articles withdraw 1f2e3d4c              it is gone, everywhere, as if its page were

Each can be taken back with --undo. Nothing that a site does undoes what you did.`,
    )
  const on = (name: string, description: string) =>
    articles.command(name).argument('<article>', naming).description(description)

  articles
    .command('list')
    .description('the articles, the newest first, with what became of them')
    .option('--source <id>', 'only of this source')
    .option('--since <date>', 'only what was first seen that day or later, such as 2026-03-01')
    .option('--text <words>', 'only with these words in title or text')
    .option('--withdrawn', 'only what is withdrawn, by its site or by you', false)
    .option('--excluded', 'only what you keep out', false)
    .option('--pinned', 'only what you pinned', false)
    .option('--limit <number>', 'so many at most', '20')
    .action(run((call, options: ListOptions) => call.withApp((app) => list(app, options))))
  on('show', 'one article: each field and where it came from, its copies and addresses, and what it said before')
    .option('--text', 'with its whole text', false)
    .addHelpText(
      'after',
      `
In its history, what went is marked [-so-] and what came {+so+}. How long it is kept is said under
\`retention: { changes: 400d }\` in broadsheet.yaml.`,
    )
    .action(run((call, name: string, { text }: { text: boolean }) => call.withApp((app) => show(app, name, text))))
  on('pin', 'put an article first: it stands on top of the feeds that choose it, and leads the next edition')
    .option('--undo', 'let it stand where its date puts it', false)
    .addHelpText(
      'after',
      `
A pinned article stays on top of its feeds, and of the front page, until you undo it, also when so
many newer ones came that it would have left them. Of several, the last pinned comes first. It leads
the next edition of each newsletter that has not had it; nobody is mailed an article twice.`,
    )
    .action(run((call, name: string, { undo }: Undo) => call.withApp((app) => pin(app, name, undo))))
  on('exclude', 'keep an article out of every feed and newsletter; it is kept, and its page stays')
    .option('--undo', 'let it in again', false)
    .addHelpText(
      'after',
      `
Editions that hold it and have not all gone out are called back: what is left of them is composed anew
without it. Copies of it from other sources stay out too. Readers for whom it was new while it was out
are not mailed it later.`,
    )
    .action(run((call, name: string, { undo }: Undo) => call.withApp((app) => exclude(app, name, undo))))
  on('correct', 'say something else than the site does; that stays, however often the site is read again')
    .option('--title <text>', 'its title')
    .option('--text <file>', 'its text, from a .md, .html or .txt file')
    .option('--excerpt <text>', 'its summary')
    .option('--author <name...>', 'its authors')
    .option('--topic <name...>', 'its topics')
    .option('--picture <url>', 'its lead picture; `none` takes it away')
    .option('--published <date>', 'when it was published, such as 2026-03-01 or 2026-03-01T08:30:00Z')
    .option('--undo [field...]', `take corrections back, of these fields or of all: ${CORRECTABLE.join(', ')}`)
    .addHelpText(
      'after',
      `
  broadsheet articles correct 1f2e3d4c --title "The ferry is back" --author "Mara Lund" "Tobias Renn"
  broadsheet articles correct 1f2e3d4c --text ferry.md
  broadsheet articles correct 1f2e3d4c --undo title

A corrected title or text moves its date of change, so that feed readers show it again. Editions that
went out stay as they are. What the site says meanwhile is remembered, and is what --undo goes back to.`,
    )
    .action(run((call, name: string, options: CorrectOptions) => call.withApp((app) => correct(app, name, options))))
  on('withdraw', 'take an article away: out of feeds, pages and every edition that has not gone out')
    .option('--undo', 'bring it back', false)
    .option('--why <text>', 'kept in its history')
    .addHelpText(
      'after',
      `
The same happens by itself when the article's page is gone (404 or 410) twice, hours apart; such an article
comes back with its page. What you withdraw comes back only by --undo.

Editions that hold it and have not all gone out are called back: nobody else gets them, and those who have
not got theirs get the rest of it in the next edition. What was mailed cannot be called back.`,
    )
    .action(
      run((call, name: string, options: Undo & { why?: string }) =>
        call.withApp((app) => withdraw(app, name, options)),
      ),
    )
}

interface Undo {
  undo: boolean
}

interface ListOptions {
  source?: string
  since?: string
  text?: string
  withdrawn: boolean
  excluded: boolean
  pinned: boolean
  limit: string
}

interface CorrectOptions {
  title?: string
  text?: string
  excerpt?: string
  author?: string[]
  topic?: string[]
  picture?: string
  published?: string
  undo?: true | string[]
}

/** Articles read at a time while words are looked for. */
const PAGE = 200

async function list(app: App, options: ListOptions): Promise<Result> {
  const { db, config } = app
  const most = Number(options.limit)
  if (!Number.isInteger(most) || most < 1) throw new Failure('usage.wrong', { '--limit': options.limit })
  const only = (['withdrawn', 'excluded', 'pinned'] as const).filter((fate) => options[fate])
  if (only.length > 1) throw new Failure('usage.wrong', { needs: 'one of --withdrawn, --excluded and --pinned' })
  const since = options.since === undefined ? undefined : dateOf(options.since, '--since', config.site.timezone)
  const { source: sourceId, text } = options
  const search = { sourceId, since, only: only[0] }
  const found: Filed[] = []
  for (let before: Article | undefined; found.length < most;) {
    const limit: number = text === undefined ? most : PAGE
    const page: Filed[] = await searchArticles(db, { ...search, limit, before } satisfies Search)
    found.push(...page.filter(({ article }) => text === undefined || matches(article, { text })))
    before = page.at(-1)?.article
    if (page.length < limit) break
  }
  const listed = found.slice(0, most).map(toListed)
  const json = { articles: listed }
  if (listed.length === 0) return { json, text: 'No such article.', exit: 0 }
  return { json, text: columns(listed.map(lineOf)), exit: 0 }
}

const lineOf = ({ id, dated, source, title, fate }: Listed): string[] => [
  id.slice(0, 8),
  dated.slice(0, 10),
  source,
  title.length > 70 ? `${title.slice(0, 69)}…` : title,
  fate.join(', '),
]

async function show({ db, config }: App, name: string, isWhole: boolean): Promise<Result> {
  const { json, text } = await tellArticle(db, await named(db, name), config.site.timezone, isWhole)
  return { json, text, exit: 0 }
}

async function pin(app: App, name: string, undo: boolean): Promise<Result> {
  const { db, now } = app
  const { article } = await named(db, name)
  const changed = await pinArticle(db, article.id, !undo, now())
  if (changed) await wantFeeds(app)
  const text = undo
    ? `“${article.title}” ${changed ? 'stands where its date puts it.' : 'was not pinned.'}`
    : `“${article.title}” ${changed ? 'is pinned: it stands first in feeds that choose it, and leads the next edition that has it new.' : 'is pinned already.'}`
  return done(db, article.id, changed, text)
}

async function exclude(app: App, name: string, undo: boolean): Promise<Result> {
  const { db, now } = app
  const { article } = await named(db, name)
  const { changed, recalls } = await excludeArticle(db, article.id, !undo, now())
  if (changed) await wantFeeds(app)
  const text = undo
    ? `“${article.title}” ${changed ? 'may be in feeds and newsletters again.' : 'was not excluded.'}`
    : `“${article.title}” ${changed ? 'is in no feed and no newsletter from now on.' : 'is excluded already.'}`
  return done(db, article.id, changed, text, recalls)
}

async function withdraw(app: App, name: string, { undo, why }: Undo & { why?: string }): Promise<Result> {
  const { db, now } = app
  const { article } = await named(db, name)
  const said = why === undefined ? '' : `: ${why.slice(0, 500)}`
  if (undo) {
    const changed = await restoreArticle(db, article.id, { by: 'editor', why: `brought back by the editor${said}`, now: now() }) // prettier-ignore
    if (changed) await wantFeeds(app)
    const text = `“${article.title}” ${changed ? 'is back. Feeds show it again; readers who were past it are not mailed it.' : 'was not withdrawn.'}`
    return done(db, article.id, changed, text)
  }
  const { changed, recalls } = await withdrawArticle(db, article.id, { by: 'editor', why: `withdrawn by the editor${said}`, now: now() }) // prettier-ignore
  if (changed) await wantFeeds(app)
  const text = `“${article.title}” ${changed ? 'is withdrawn: out of every feed and page, and never mailed.' : 'is withdrawn already.'}`
  return done(db, article.id, changed, text, recalls)
}

async function correct(app: App, name: string, options: CorrectOptions): Promise<Result> {
  const { db, now } = app
  const { article } = await named(db, name)
  const { undo, ...given } = options
  if ((undo === undefined) === (Object.keys(given).length === 0)) {
    throw new Failure('usage.wrong', { needs: 'what to correct, such as --title TEXT, or --undo' })
  }
  if (undo !== undefined) {
    const fields = undo === true ? CORRECTABLE : undo.map(correctable)
    const undone = await undoCorrections(db, article.id, fields, now())
    if (undone.length > 0) await wantFeeds(app)
    const text =
      undone.length === 0
        ? `“${article.title}” has no such correction.`
        : `Taken back: ${undone.join(', ')}. The article says what its site says.`
    return done(db, article.id, undone.length > 0, text)
  }
  const corrected = await readCorrected(app, article, given)
  if (!(await correctArticle(db, article.id, corrected, now())))
    throw new Failure('article.unknown', { article: name, reason: 'its content was let go by `retention`' })
  await wantFeeds(app)
  const text = `Corrected: ${Object.keys(corrected).join(', ')}. It stays so; --undo takes it back.`
  return done(db, article.id, true, text)
}

async function readCorrected(
  { config, now }: App,
  article: Article,
  given: Omit<CorrectOptions, 'undo'>,
): Promise<Corrected> {
  const { title, text, excerpt, author, topic, picture, published } = given
  for (const [option, value] of Object.entries({ title, excerpt }))
    if (value?.trim() === '') throw new Failure('usage.wrong', { [`--${option}`]: 'empty' })
  const body = text === undefined ? undefined : await readText(text, article, now())
  const isCut = body !== undefined && article.excerpt === excerptOf(article.text)
  const summary = excerpt ?? (isCut ? excerptOf(body.text) : undefined)
  return {
    ...(title !== undefined && { title: title.replace(/\s+/g, ' ').trim() }),
    ...(body !== undefined && { text: body }),
    ...(summary !== undefined && { excerpt: summary.replace(/\s+/g, ' ').trim() }),
    ...(author !== undefined && { authors: author }),
    ...(topic !== undefined && { topics: topic }),
    ...(picture !== undefined && { picture: withLead(article, picture) }),
    ...(published !== undefined && { published: dateOf(published, '--published', config.site.timezone) }),
  }
}

const FORMS: Partial<Record<string, Body['form']>> = { md: 'markdown', markdown: 'markdown', html: 'fragment', htm: 'fragment', txt: 'text' } // prettier-ignore

/** The editor's text, cleaned as everything is. */
async function readText(
  path: string,
  { url, title, sourceId }: Article,
  now: Date,
): Promise<Pick<Article, 'html' | 'text'>> {
  // prettier-ignore
  const form = FORMS[path.split('.').at(-1)?.toLowerCase() ?? '']
  if (form === undefined) throw new Failure('usage.wrong', { '--text': path, needs: 'a .md, .html or .txt file' })
  let value: string
  try {
    value = await readFile(path, 'utf8')
  } catch (thrown) {
    throw new Failure('file.unreadable', { path, reason: describe(thrown) }, thrown)
  }
  const draft = readBody({ form, value }, url)
  const { html, text } = makeArticle({ url, title }, draft, undefined, { sourceId, topics: [], now })
  return { html, text }
}

function withLead({ images, url }: Article, picture: string): Article['images'] {
  const others = images.slice(1)
  if (picture === 'none') return others
  const address = absolute(picture, url)
  if (address === undefined) throw new Failure('usage.wrong', { '--picture': picture, needs: 'a web address, or none' })
  return [{ url: address }, ...others.filter((image) => image.url !== address)]
}

function dateOf(text: string, option: string, zone: string): Date {
  const date = readDate(text, zone)
  if (date === undefined) throw new Failure('usage.wrong', { [option]: text, needs: 'a date such as 2026-03-01' })
  return date
}

function correctable(field: string): Correctable {
  const found = CORRECTABLE.find((name) => name === field)
  if (found === undefined) throw new Failure('usage.wrong', { '--undo': field, needs: CORRECTABLE.join(', ') })
  return found
}

/** Feeds follow with the next round of `serve` or `run`, or at once with `publish`. */
async function wantFeeds({ db, config, now }: App): Promise<void> {
  for (const { id } of config.feeds) await wantTick(db, `publish:${id}`, now())
}

async function done(db: Database, id: string, changed: boolean, text: string, recalls: Recall[] = []): Promise<Result> {
  const filed = await filedById(db, id)
  const json = { ...(filed && toListed(filed)), changed, editions: recalls }
  const next = changed ? ['Feeds follow with the next broadsheet run or publish.'] : []
  return { json, text: [text, ...next, ...showRecalls(recalls)].join('\n'), exit: 0 }
}

/** Throws Failure `article.unknown` where a name means no article or several. */
async function named(db: Database, name: string): Promise<Filed> {
  const found = await findArticles(db, name)
  const [first, ...others] = found
  // Of the articles at one address the first is meant, and its copies are shown with it.
  if (first !== undefined && (others.length === 0 || /^https?:\/\//i.test(name.trim()))) return first
  const several = found.map(({ article }) => `${article.id.slice(0, 8)} “${article.title.slice(0, 40)}”`).join(', ')
  throw new Failure('article.unknown', { article: name, ...(several !== '' && { several }) })
}
