/** What the article is about: its section first, then its tags. */
import { fold } from '../characters.ts'
import { type Claim } from './claim.ts'
import { listOf, textOf } from './data.ts'
import { type Page, type Spot, wordsOf } from './page.ts'
import { decode } from './references.ts'

const MOST = 12
const LONGEST = 60

interface Topics {
  place: string
  weight: number
  values: string[]
}

/** One claim for each place that names a section, each with the tags of the best place that has some. */
export function claimTopics(page: Page): Claim<string[]>[] {
  const sections = readSections(page)
  const [tags] = readTags(page)
  if (sections.length === 0) return tags === undefined ? [] : [claimOf(tags)]
  return sections.map((section) => claimOf(section, tags))
}

export function isSameTopics(a: string[], b: string[]): boolean {
  return fold(a[0] ?? '') === fold(b[0] ?? '')
}

function claimOf({ place, weight, values }: Topics, tags?: Topics): Claim<string[]> {
  const all = new Map([...values.slice(0, 5), ...(tags?.values ?? [])].map((topic) => [fold(topic), topic]))
  return { place, weight, value: [...all.values()].slice(0, MOST) }
}

function readSections({ article, meta, props }: Page): Topics[] {
  return known([
    { place: 'JSON-LD articleSection', weight: 0.9, values: textsOf(article['articleSection']) },
    { place: 'meta article:section', weight: 0.7, values: meta('article:section', 'parsely-section', 'section').map(decode) }, // prettier-ignore
    { place: 'itemprop articleSection', weight: 0.6, values: wordsOfAll(props('articlesection')) },
  ])
}

function readTags({ article, meta, marked }: Page): Topics[] {
  const linked = marked.filter(({ element, roles }) => element.name === 'a' && roles.includes('tag'))
  return known([
    { place: 'meta article:tag', weight: 0.6, values: meta('article:tag', 'og:article:tag').flatMap(splitList) },
    { place: 'link rel=tag', weight: 0.5, values: wordsOfAll(linked) },
    // A long line of words is for search engines.
    { place: 'JSON-LD keywords', weight: 0.4, values: short(textsOf(article['keywords']).flatMap(splitList)) },
    { place: 'meta news_keywords', weight: 0.4, values: short(meta('news_keywords').flatMap(splitList)) },
  ])
}

function known(places: Topics[]): Topics[] {
  const kept = places.map(({ values, ...place }) => ({ ...place, values: values.filter((value) => value !== '' && value.length <= LONGEST && !/https?:|[<>{}]/.test(value)) })) // prettier-ignore
  return kept.filter(({ values }) => values.length > 0)
}

function short(values: string[]): string[] {
  return values.length <= 8 ? values : []
}

function splitList(text: string): string[] {
  return decode(text).split(/\s*[,;，、]\s*/)
}

function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((one) => textOf(one) ?? [])
}

function wordsOfAll(spots: Spot[]): string[] {
  return spots.slice(0, MOST).map(({ element }) => (element.name === 'meta' ? (element.attribs['content'] ?? '') : wordsOf(element, LONGEST * 2)).replace(/^#/, '')) // prettier-ignore
}
