/** What `inspect` and `init` show of the lists on a page: every one that was looked at, and what the chosen ones hold. */
import { parseHtml } from '../articles/markup.ts'
import { columns, count } from '../terminal.ts'
import { readArticles } from '../sources/lists/read.ts'
import { type Candidate } from '../sources/lists/score.ts'
import { markOf } from '../sources/lists/selectors.ts'

/** One list on the page. */
export interface FoundList {
  /** Matches each article in it; null where no selector tells it from the rest of the page. */
  selector: string | null
  items: number
  score: number
  isTaken: boolean
  first: string
  /** What spoke most for it and against it. */
  signs: Partial<Record<string, number>>
}

export interface FoundLists {
  /** Which channel of the page decided what is an article. */
  chosen: string
  channels: { name: string; items: number }[]
  lists: FoundList[]
  articles: { url: string; title: string | null; published: string | null }[]
  /** Share of the articles for which the page gives each field. */
  fill: Record<'title' | 'date' | 'author' | 'image', number>
}

const MOST_LISTS = 12

export function findLists(html: string, url: string): FoundLists {
  const $ = parseHtml(html)
  const { items, lists, others, channels, chosen } = readArticles({ html, $, url })
  const describeList = (isTaken: boolean) => (list: Candidate) => ({
    selector: markOf($, list.cards)?.item ?? null,
    items: list.cards.length,
    score: Math.round(list.score * 10) / 10,
    isTaken,
    first: (list.cards[0]?.fields.title ?? '').slice(0, 100),
    signs: strongest(list.signs),
  })
  const share = (isSo: (item: (typeof items)[number]) => boolean) =>
    items.length === 0 ? 0 : Math.round((items.filter(isSo).length / items.length) * 100) / 100
  return {
    chosen,
    channels,
    lists: [...lists.map(describeList(true)), ...others.map(describeList(false))].slice(0, MOST_LISTS),
    articles: items.map((item) => ({ url: item.url, title: item.title ?? null, published: item.published ?? null })),
    fill: {
      title: share(({ title }) => title !== undefined),
      date: share(({ published }) => published !== undefined),
      author: share(({ authors }) => authors !== undefined),
      image: share(({ image }) => image !== undefined),
    },
  }
}

function strongest(signs: Partial<Record<string, number>>): Partial<Record<string, number>> {
  const sorted = Object.entries(signs).toSorted(([, a = 0], [, b = 0]) => Math.abs(b) - Math.abs(a))
  return Object.fromEntries(sorted.slice(0, 4).flatMap(([sign, value = 0]) => (value === 0 ? [] : [[sign, Math.round(value * 10) / 10]]))) // prettier-ignore
}

const MOST_SHOWN = 5

export function showLists({ lists, articles, fill, channels, chosen }: FoundLists): string[] {
  const others = channels.filter(({ name, items }) => name !== 'lists' && items > 0)
  const rows = lists.map(({ selector, items, score, isTaken, first, signs }) => [
    isTaken ? '* ' : '  ',
    score.toFixed(1),
    String(items),
    (selector ?? '(no selector)').slice(0, 50),
    first.slice(0, 40),
    Object.entries(signs)
      .map(([sign, value = 0]) => `${sign} ${value > 0 ? '+' : ''}${value}`)
      .join(', '),
  ])
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return [
    ...(lists.length === 0 ? ['', 'no list on the page'] : ['', 'lists on the page, those taken with a star:', columns([['  ', 'score', 'items', 'selector', 'first', 'why'], ...rows])]), // prettier-ignore
    ...others.map(({ name, items }) => `${name}: ${count(items, 'article')}`),
    ...(articles.length === 0
      ? []
      : [
          '',
          `${count(articles.length, 'article')} (${chosen}); title ${percent(fill.title)}, date ${percent(fill.date)}, author ${percent(fill.author)}, picture ${percent(fill.image)}:`,
          columns(articles.slice(0, MOST_SHOWN).map(({ url, title, published }) => [`  ${(published ?? 'undated').slice(0, 16)}`, (title ?? '').slice(0, 60), url])), // prettier-ignore
          ...(articles.length > MOST_SHOWN ? [`  … and ${articles.length - MOST_SHOWN} more`] : []),
        ]),
  ]
}
