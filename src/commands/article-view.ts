/** How an article is told of, to a person and as JSON: its fields and where they came from, its fate, its history. */
import { LACKS } from './extracted.ts'
import { diffTexts, type Difference } from '../articles/diff.ts'
import { type Origin } from '../item.ts'
import { type Article } from '../model.ts'
import { wordCount } from '../read-time.ts'
import { changesOf, type ArticleChange } from '../store/article-changes.ts'
import { correctionsOf, type Correction } from '../store/article-corrections.ts'
import { aliasesOf, filedById, filedCopies, type Filed } from '../store/article-search.ts'
import { type Database } from '../store/database.ts'
import { editionsWith, type Recall } from '../store/recalls.ts'
import { columns, count } from '../terminal.ts'
import { showTime } from '../times.ts'

/** An article in a list. */
export interface Listed {
  id: string
  source: string
  url: string
  title: string
  /** When it was published, or else first seen. */
  dated: string
  firstSeen: string
  updated: string | null
  withdrawn: string | null
  withdrawnBy: 'site' | 'editor' | null
  excluded: string | null
  pinned: string | null
  /** When its text was first seen to name a correction. */
  corrected: string | null
  /** The article of another source that is shown in its stead. */
  original: string | null
  /** The same in words. */
  fate: string[]
}

export function toListed(filed: Filed): Listed {
  const { article, withdrawnAt, withdrawnBy, excludedAt, correctedAt, originalId } = filed
  const { id, sourceId, url, title, publishedAt, firstSeenAt, updatedAt, pinnedAt } = article
  return {
    id,
    source: sourceId,
    url,
    title,
    dated: (publishedAt ?? firstSeenAt).toISOString(),
    firstSeen: firstSeenAt.toISOString(),
    updated: updatedAt?.toISOString() ?? null,
    withdrawn: withdrawnAt?.toISOString() ?? null,
    withdrawnBy: withdrawnBy ?? null,
    excluded: excludedAt?.toISOString() ?? null,
    pinned: pinnedAt?.toISOString() ?? null,
    corrected: correctedAt?.toISOString() ?? null,
    original: originalId ?? null,
    fate: fateOf(filed),
  }
}

function fateOf({ article, retiredAt, withdrawnBy, excludedAt, originalId, correction, origins }: Filed): string[] {
  return [
    ...(withdrawnBy === undefined ? [] : [`withdrawn by ${withdrawnBy === 'site' ? 'its site' : 'the editor'}`]),
    ...(excludedAt === undefined ? [] : ['excluded']),
    ...(article.pinnedAt === undefined ? [] : ['pinned']),
    ...(originalId === undefined ? [] : [`a copy of ${originalId.slice(0, 8)}`]),
    ...(correction === undefined ? [] : [correction.kind === 'correction' ? 'corrected' : 'updated']),
    ...(origins?.['text']?.lacks === undefined ? [] : ['not whole']),
    ...(retiredAt === undefined ? [] : ['content let go']),
  ]
}

/** One version to the next. */
interface ToldChange {
  at: Date
  why: string
  fields: { field: string; before: string | null; after: string | null; diff?: Difference[] }[]
}

export async function tellArticle(
  db: Database,
  filed: Filed,
  zone: string,
  isWhole: boolean,
): Promise<{ json: unknown; text: string }> {
  const { article, originalId, origins = {}, correction } = filed
  const { id } = article
  const original = originalId === undefined ? undefined : await filedById(db, originalId)
  const copies = await filedCopies(db, id)
  const corrections = await correctionsOf(db, id)
  const history = toHistory(article, await changesOf(db, id))
  const editions = await editionsWith(db, id)
  const known = await aliasesOf(db, id)
  const addresses = known.filter((key) => key.startsWith('url:')).map((key) => key.slice('url:'.length))
  const json = {
    ...toListed(filed),
    article,
    origins,
    correction: correction ?? null,
    corrections,
    alsoIn: copies.map(toListed),
    originalArticle: original ? toListed(original) : null,
    addresses,
    editions: editions.map(({ newsletterId, number, state }) => ({ newsletter: newsletterId, number, state })),
    history,
  }
  const text = [
    `${id}  “${article.title}”`,
    columns(fieldRows(article, origins, corrections, zone)),
    ...fateLines(filed, zone),
    ...(original
      ? [`The original is “${original.article.title}” of ${original.article.sourceId}: ${original.article.url}`]
      : []),
    ...(copies.length > 0 ? [`Also in:\n${columns(copies.map(({ article: { sourceId, title, url } }) => ['', sourceId, title.slice(0, 50), url]))}`] : []), // prettier-ignore
    ...(addresses.length > 1 ? [`Known by:\n${addresses.map((address) => `  ${address}`).join('\n')}`] : []),
    ...(editions.length > 0 ? [`In ${editions.map(({ newsletterId, number, state }) => `${newsletterId}/${number} (${state})`).join(', ')}`] : []), // prettier-ignore
    ...(history.length > 0 ? [`History:\n${history.map((change) => showChange(change, zone)).join('\n')}`] : []),
    ...(isWhole ? [article.text] : []),
  ]
  return { json, text: text.join('\n\n') }
}

function fieldRows(
  article: Article,
  origins: Partial<Record<string, Origin>>,
  corrections: Correction[],
  zone: string,
): string[][] {
  const { sourceId, url, title, authors, publishedAt, updatedAt, firstSeenAt, language, topics, images, excerpt } =
    article
  const shown: [name: string, value: string, field: string, corrected?: string][] = [
    ['source', sourceId, ''],
    ['address', url, 'canonicalUrl'],
    ['title', title, 'title'],
    ['authors', authors.join(', '), 'authors'],
    ['published', publishedAt ? showTime(publishedAt, zone) : '', 'publishedAt', 'published'],
    ['updated', updatedAt ? showTime(updatedAt, zone) : '', 'updatedAt'],
    ['first seen', showTime(firstSeenAt, zone), ''],
    ['language', language ?? '', 'language'],
    ['topics', topics.join(', '), 'topics'],
    ['picture', images[0]?.url ?? '', 'image', 'picture'],
    ['excerpt', excerpt, 'excerpt'],
    ['text', count(wordCount(article.text), 'word'), 'text'],
  ]
  return shown
    .filter(([, value]) => value !== '')
    .map(([name, value, field, corrected = field]) => [
      '',
      name,
      value.length > 90 ? `${value.slice(0, 89)}…` : value,
      corrections.some((one) => one.field === corrected) ? '(the editor)' : showOrigin(origins[field]),
    ])
}

function showOrigin(origin: Origin | undefined): string {
  if (origin === undefined) return ''
  const { place, confidence, runnerUp, lacks } = origin
  const sure = confidence === undefined ? '' : `, ${Math.round(confidence * 100)} % sure`
  const other = runnerUp === undefined ? '' : `; ${runnerUp.place} says “${runnerUp.value.slice(0, 60)}”`
  const part = lacks === undefined ? '' : `; not all of it: ${LACKS[lacks]}`
  return `(${place}${sure}${other}${part})`
}

function fateLines(
  { article, withdrawnAt, withdrawnBy, excludedAt, correctedAt, correction, retiredAt }: Filed,
  zone: string,
): string[] {
  const { id, pinnedAt } = article
  const undo = (what: string) => `→ broadsheet articles ${what} ${id.slice(0, 8)} --undo`
  return [
    ...(withdrawnAt ? [`Withdrawn ${showTime(withdrawnAt, zone)} by ${withdrawnBy === 'site' ? 'its site: it comes back when its page does' : 'the editor'}.  ${undo('withdraw')}`] : []), // prettier-ignore
    ...(excludedAt ? [`Excluded ${showTime(excludedAt, zone)}.  ${undo('exclude')}`] : []),
    ...(pinnedAt ? [`Pinned ${showTime(pinnedAt, zone)}.  ${undo('pin')}`] : []),
    ...(correction && correctedAt ? [`${correction.kind === 'correction' ? 'Corrected' : 'Updated'} ${showTime(correctedAt, zone)}: “${correction.note}”`] : []), // prettier-ignore
    ...(retiredAt ? [`Its content was let go ${showTime(retiredAt, zone)}, as \`retention\` says.`] : []),
  ]
}

const FIELDS = ['title', 'text', 'url', 'publishedAt', 'updatedAt'] as const

/** Each change with what it made of what was there before: the latest first. */
function toHistory(article: Article, changes: ArticleChange[]): ToldChange[] {
  const now: Partial<Record<string, string | null>> = {
    title: article.title,
    text: article.text,
    url: article.url,
    publishedAt: article.publishedAt?.toISOString() ?? null,
    updatedAt: article.updatedAt?.toISOString() ?? null,
  }
  return changes.map(({ at, why, before }) => {
    const fields = FIELDS.filter((field) => before[field] !== undefined).map((field) => {
      const was = before[field] ?? null
      const after = now[field] ?? null
      now[field] = was
      const diff = field === 'text' ? { diff: diffTexts(was ?? '', after ?? '') } : {}
      return { field, before: was, after, ...diff }
    })
    return { at, why, fields }
  })
}

function showChange({ at, why, fields }: ToldChange, zone: string): string {
  const lines = fields.flatMap(({ field, before, after, diff }) =>
    diff === undefined
      ? [`    ${field}: ${before ?? 'none'} → ${after ?? 'none'}`]
      : diff.map(({ kind, text }) => `    ${{ same: ' ', removed: '-', added: '+', changed: '~' }[kind]} ${text}`),
  )
  return [`  ${showTime(at, zone)}  ${why}`, ...lines].join('\n')
}

/** What became of the editions that held it. */
export function showRecalls(recalls: Recall[]): string[] {
  return recalls.map(({ newsletterId, number, state, gone, dropped }) => {
    const name = `${newsletterId}/${number}`
    if (state === 'kept') return `${name} held it and has gone to ${count(gone, 'reader')}: that cannot be called back.`
    const rest = dropped > 0 ? `; ${count(dropped, 'reader')} had not got theirs` : ''
    const sent = gone > 0 ? ` It had gone to ${count(gone, 'reader')}.` : ''
    return `${name} held it and is called back${rest}.${sent} What else was in it comes in the next edition: broadsheet compose ${newsletterId}`
  })
}
