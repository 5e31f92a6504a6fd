/** The lists on a page as they are told to a person: every one that was looked at, and what the chosen ones hold. */
import { type CheerioAPI } from 'cheerio'
import { readArticles } from './read.ts'
import { type Candidate } from './score.ts'
import { markOf } from './selectors.ts'

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

export function findLists(html: string, $: CheerioAPI, url: string): FoundLists {
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
