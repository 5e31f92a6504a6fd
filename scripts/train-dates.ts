/**
 * Trains the weights by which `articles/metadata/published.ts` chooses a day, on a folder of labelled pages, and writes them.
 *
 *     node scripts/train-dates.ts FOLDER [SET…]
 *
 * FOLDER/SET holds `truth.json[.gz]` ({ID: {url, site, published: day or null}}) and `pages/ID.html.gz`. What is printed was
 * measured on sites that the weights had not seen (five parts); what is written was trained on all.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { gatherDays } from '../src/articles/metadata/date-days.ts'
import { gatherDates } from '../src/articles/metadata/date-sightings.ts'
import { localeOf, zoneOf } from '../src/articles/metadata/locale.ts'
import { openPage } from '../src/articles/metadata/page.ts'
import { parseHtml } from '../src/articles/markup.ts'

/** A page's days as numbers of features, and which is right: -1 where none is. */
interface Example {
  set: string
  part: number
  isDated: boolean
  right: number
  days: number[][]
}

const PARTS = 5
const ROUNDS = 300
const RATE = 0.05
const DECAY = 0.002
/** A right day that is not among those found teaches little. */
const LOST = 0.5
/** There are few pages without a day, and a day that was never said is the worse mistake. */
const UNDATED = 2
const RAREST = 6

/** What nobody would hold against a day, and what nobody would hold for one: another mark of the same place took its part. */
const NEVER_AGAINST =
  /^(?:JSON-LD datePublished|itemprop datePublished|data published of (?:article|page)|(?:meta (?:published|date)|prop published|time|line alone|address.*)(?: (?:right below|right above|below|in article|in date|in byline))?|(?:only|first) (?:time|day))$|agrees$|says published$|^page: an article$/
const NEVER_FOR =
  /^(?:JSON-LD dateModified|itemprop dateModified|meta modified|data updated.*|meta updated|only updated|only said changed|said changed, another published)$|says (?:updated|other)$|^prop updated|updated$|in (?:comment|footer|event)$|^only in data$|^nowhere to be read$|^page: a page of the site$/

const [folder, ...named] = process.argv.slice(2)
if (folder === undefined) throw new Error('which folder of labelled pages?')
const sets = named.length > 0 ? named : ['wcxb', 'segments', 'postlight', 'dates']

const pages = sets.flatMap((set) => readSet(`${folder}/${set}`).map((page) => ({ ...page, set })))
const counts = new Map<string, number>()
for (const { days } of pages) for (const { features } of days) for (const one of features) counts.set(one, (counts.get(one) ?? 0) + 1) // prettier-ignore
const names = [...counts.keys()].filter((name) => (counts.get(name) ?? 0) >= RAREST).toSorted()
const numbers = new Map(names.map((name, index) => [name, index]))
const examples = pages.map(({ days, ...rest }): Example => ({ ...rest, days: days.map(({ features }) => features.flatMap((name) => numbers.get(name) ?? [])) })) // prettier-ignore

const answers = Array.from({ length: PARTS }, (_, part) => {
  const weights = train(examples.filter((one) => one.part !== part))
  return examples.filter((one) => one.part === part).map((one) => ({ one, ...choose(weights, one) }))
}).flat()
for (const enough of [0.4, 0.45, 0.5, 0.6])
  for (const set of sets) {
    const ofSet = answers.filter(({ one }) => one.set === set)
    const given = ofSet.filter(({ chance }) => chance >= enough)
    const dated = ofSet.filter(({ one }) => one.isDated).length
    const right = given.filter(({ one, best }) => one.right === best).length
    const [recall, precision] = [right / dated, right / given.length]
    const none = given.filter(({ one }) => !one.isDated).length / (ofSet.length - dated)
    const f1 = (2 * recall * precision) / (recall + precision)
    const rest = ofSet.length > dated ? `, given where there is none ${none.toFixed(3)}` : ''
    console.log(`from ${enough} ${set}: right ${recall.toFixed(3)}, of those given ${precision.toFixed(3)}, F1 ${f1.toFixed(3)}${rest}`) // prettier-ignore
  }
const all = train(examples)
const lines = names.flatMap((name, index) => Math.abs(all[index] ?? 0) < 0.03 ? [] : [`  '${name}': ${(all[index] ?? 0).toFixed(2)},`]) // prettier-ignore
writeFileSync(
  new URL('../src/articles/metadata/date-weights.ts', import.meta.url),
  `/** What speaks for and against a day, by \`scripts/train-dates.ts\` on ${pages.length} labelled pages: not written by hand. */
export const BIAS = ${(all[names.length] ?? 0).toFixed(2)}

export const WEIGHTS: Partial<Record<string, number>> = {
${lines.join('\n')}
}
`,
)

function readSet(place: string) {
  const file = [`${place}/truth.json`, `${place}/truth.json.gz`].find(existsSync) ?? ''
  const bytes = readFileSync(file)
  const text = file.endsWith('.gz') ? gunzipSync(bytes) : bytes
  const truths = JSON.parse(text.toString()) as Record<
    string,
    { url: string; site?: string; published?: string | null }
  >
  return Object.entries(truths).flatMap(([id, { url, site = new URL(url).host, published }]) => {
    if (published === undefined) return []
    const html = gunzipSync(readFileSync(`${place}/pages/${id}.html.gz`)).toString()
    const page = openPage(parseHtml(html, { keepData: true }), url)
    const language = localeOf(page)
    const zone = zoneOf(language)
    const days = gatherDays(gatherDates(page, { language, zone: zone ?? 'UTC' }), zone)
    const right = published === null ? -1 : days.findIndex((day) => isRight(published, day.day, day.sightings.flatMap(({ written, at }) => [written, at.toISOString()]))) // prettier-ignore
    return [{ part: partOf(site), isDated: published !== null, right, days }]
  })
}

function isRight(truth: string, day: string, written: string[]): boolean {
  const days = [day, ...written].map((text) => text.slice(0, Math.min(truth.length, 10)))
  return days.includes(truth.slice(0, 10))
}

function partOf(site: string): number {
  let hash = 7
  for (const letter of site) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0
  return (hash >>> 3) % PARTS
}

/** The chance of each day, and last that there is none. */
function chances(weights: Float64Array, { days }: Example): number[] {
  const scores = days.map((day) => day.reduce((sum, index) => sum + (weights[index] ?? 0), weights.at(-1) ?? 0))
  const most = Math.max(0, ...scores)
  const parts = [...scores, 0].map((score) => Math.exp(score - most))
  const whole = parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part) => part / whole)
}

function choose(weights: Float64Array, example: Example): { best: number; chance: number } {
  const found = chances(weights, example).slice(0, -1)
  const chance = Math.max(0, ...found)
  return { best: found.indexOf(chance), chance }
}

/** Softmax over the days of each page and none of them: gradient descent whose steps follow each weight's own gradients. */
function train(of: Example[]): Float64Array {
  const weights = new Float64Array(names.length + 1)
  const squares = new Float64Array(weights.length).fill(1e-6)
  for (let round = 0; round < ROUNDS; round++) {
    const slopes = new Float64Array(weights.length)
    for (const example of of) {
      const found = chances(weights, example)
      const worth = !example.isDated ? UNDATED : example.right < 0 ? LOST : 1
      for (const [at, day] of example.days.entries()) {
        const miss = ((found[at] ?? 0) - (at === example.right ? 1 : 0)) * worth
        for (const index of [...day, names.length]) slopes[index] = (slopes[index] ?? 0) + miss / of.length
      }
    }
    for (const [index, weight] of weights.entries()) {
      const slope = (slopes[index] ?? 0) + DECAY * weight
      squares[index] = 0.99 * (squares[index] ?? 0) + 0.01 * slope * slope
      const size = Math.sqrt((squares[index] ?? 0) / (1 - 0.99 ** (round + 1)))
      const next = weight - (RATE * (1 - round / ROUNDS) * slope) / (size + 1e-12)
      const name = names[index] ?? ''
      weights[index] = NEVER_AGAINST.test(name) ? Math.max(0, next) : NEVER_FOR.test(name) ? Math.min(0, next) : next
    }
  }
  return weights
}
