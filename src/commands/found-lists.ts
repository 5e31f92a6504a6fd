/** What `inspect` shows of the lists on a page. */
import { type FoundLists } from '../sources/lists/found.ts'
import { columns, count } from '../terminal.ts'

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
