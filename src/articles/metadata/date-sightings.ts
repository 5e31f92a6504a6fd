/** Every place of a page where a date stands that may be the day on which its article was published. */
import { type AnyNode, type Element } from 'domhandler'
import { evenText } from '../characters.ts'
import { DAY_MS } from '../dates/calendar.ts'
import { readRelative } from '../dates/relative.ts'
import { type FoundDate, findDates, type Hints, readLine } from '../dates.ts'
import { parseUrl } from '../links.ts'
import { listOf, textOf } from './data.ts'
import { type Label, labelOf } from './date-labels.ts'
import { DATE_METAS, PUBLISHED_META, PUBLISHED_METAS, UPDATED_METAS } from './date-metas.ts'
import { kindOf, surroundingsOf } from './date-surroundings.ts'
import { findHeadline, lineAt } from './headline.ts'
import { type Line, type Page, type Spot, wordsOf } from './page.ts'

/** A date and where it stands. */
export interface Sighting extends Pick<FoundDate, 'at' | 'written' | 'precision' | 'isAmbiguous'> {
  /** In words that a person understands. */
  place: string
  /** What the weights are for: the place, and what is around it. */
  marks: string[]
  label?: Label | undefined
}

export interface DatesSeen {
  sightings: Sighting[]
  /** `2021-03`: as the page's own address has it, and addresses of its picture. */
  addressMonth?: string | undefined
  pictureMonth?: string | undefined
  /** What the page says that it is. */
  kind: ReturnType<typeof kindOf>
}

const EARLIEST = Date.UTC(1991, 0)
const MOST_LINES = 2500
const MOST_SIGHTINGS = 150

/** All of them, read as the page's language and country write dates. */
export function gatherDates(page: Page, hints: Hints): DatesSeen {
  const reader = new Reader(page, hints)
  reader.readData()
  reader.readMetas()
  const { month: addressMonth } = reader.readAddress()
  reader.readElements()
  reader.readLines()
  return { sightings: reader.sightings, addressMonth, pictureMonth: monthOfPicture(page), kind: kindOf(page) }
}

class Reader {
  readonly sightings: Sighting[] = []
  private readonly page: Page
  private readonly hints: Hints
  /** The line that the headline is, or -1. */
  private readonly headline: number
  private readonly contexts = new Map<Element, string[]>()
  /** Elements whose attributes give the moment, and those close around them. */
  private readonly exact = new Set<AnyNode>()
  /** How often dates stand in an element of this kind. */
  private readonly kinds = new Map<string, Sighting[]>()

  constructor(page: Page, hints: Hints) {
    this.page = page
    this.hints = hints
    this.headline = findHeadline(page)
  }

  private add(date: FoundDate | undefined, place: string, marks: string[], label?: Label): Sighting | undefined {
    if (date === undefined || this.sightings.length >= MOST_SIGHTINGS || date.precision === 'month') return undefined
    // What is still to come was not published yet; the web began in 1991.
    if (date.at.getTime() < EARLIEST || (this.hints.now && date.at.getTime() > this.hints.now.getTime() + DAY_MS))
      return undefined
    const { at, written, precision, isAmbiguous } = date
    const sighting: Sighting = { at, written, precision, isAmbiguous, place, marks: [place, ...marks], label }
    this.sightings.push(sighting)
    return sighting
  }

  readData(): void {
    const { article, data } = this.page
    for (const [key, place] of [
      ['datePublished', 'published'],
      ['dateCreated', 'created'],
      ['dateModified', 'updated'],
      ['uploadDate', 'uploaded'],
    ] as const)
      // prettier-ignore
      for (const [index, node] of [article, ...data.filter((one) => one !== article)].slice(0, 60).entries())
        for (const value of listOf(node[key]).slice(0, 2)) {
          const text = textOf(value)
          const of = index === 0 ? 'article' : String(listOf(node['@type'])[0]).endsWith('Page') ? 'page' : 'other'
          if (text !== undefined) this.add(this.readExact(text), `JSON-LD ${key}`, [`data ${place} of ${of}`])
        }
  }

  /** What programs write: also without marks between the numbers, also as seconds or milliseconds since 1970. */
  private readExact(text: string): FoundDate | undefined {
    const line = evenText(text)
    const plain = /^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(line)
    if (plain !== null && /^(?:19|20)/.test(line)) {
      const [, year = '', month = '', day = '', hour, minute = '00', second = '00', zone = ''] = plain
      return readLine(`${year}-${month}-${day}${hour === undefined ? '' : `T${hour}:${minute}:${second}${zone}`}`, this.hints) // prettier-ignore
    }
    if (/^\d{10}(?:\d{3})?$/.test(line)) {
      const at = new Date(Number(line) * (line.length === 10 ? 1000 : 1))
      return { at, written: at.toISOString(), precision: 'time', isAmbiguous: false, start: 0, end: line.length }
    }
    const [found, second] = findDates(line.slice(0, 120), this.hints)
    return second === undefined ? found : undefined
  }

  readMetas(): void {
    const read = (names: string[], place: string, mark: string) => {
      for (const text of this.page.meta(...names).slice(0, 4)) this.add(this.readExact(text), place, [mark])
    }
    read(PUBLISHED_METAS, 'meta published', 'meta published')
    read(DATE_METAS, 'meta date', 'meta date')
    for (const { element } of this.page.tagged('meta').slice(0, 200)) {
      const { name, property, content = '' } = element.attribs
      const key = (property ?? name ?? '').toLowerCase()
      if (PUBLISHED_META.test(key) && !PUBLISHED_METAS.includes(key) && !/modif|updat|expir/.test(key)) this.add(this.readExact(content.slice(0, 100)), 'meta published', ['meta published']) // prettier-ignore
    }
    read(UPDATED_METAS, 'meta modified', 'meta updated')
  }

  readAddress(): { month?: string } {
    const url = parseUrl(this.page.url)
    if (url === undefined) return {}
    const path = url.pathname + url.search
    const whole =
      /(?<!\d)(19[89]\d|20\d\d)[/_.-](\d{1,2})[/_.-](\d{1,2})(?!\d)/.exec(path) ??
      /(?<!\d)(19[89]\d|20\d\d)(\d\d)(\d\d)(?!\d)/.exec(path) ??
      /(?<!\d)(20\d\d)\/(\d\d)(\d\d)(?!\d)/.exec(path) ??
      /(?<!\d)(20\d\d)(\d\d)\/(\d\d)(?!\d)/.exec(path)
    const named = /(?<!\d)(19[89]\d|20\d\d)[/-]([a-z]{3,9})[/-](\d{1,2})(?!\d)/i.exec(path)
    const [, year = '', month = '', day = ''] = whole ?? []
    const date = whole === null ? named && findDates(`${named[3] ?? ''} ${named[2] ?? ''} ${named[1] ?? ''}`, this.hints)[0] : readLine(`${year}-${month}-${day}`, this.hints) // prettier-ignore
    if (date !== undefined && date !== null) {
      this.add(date, 'address', [/[/_.-]/.test((whole ?? named)?.[0] ?? '') ? 'address in parts' : 'address in digits'])
      return { month: date.written.slice(0, 7) }
    }
    const [, inYear, inMonth] = /\/(20\d\d|199\d)[/-](0?[1-9]|1[0-2])(?=[/-]|$)/.exec(path) ?? []
    const [picture = ''] = this.page.meta('og:image', 'twitter:image')
    const [, ofYear = '', ofMonth = '', ofDay = ''] =
      /[/_-](20\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-])/.exec(picture) ?? []
    if (ofYear !== '') this.add(readLine(`${ofYear}-${ofMonth}-${ofDay}`, this.hints), 'address of the picture', [])
    return inYear === undefined ? {} : { month: `${inYear}-${(inMonth ?? '').padStart(2, '0')}` }
  }

  /** Elements that are there to carry a date, by what they say in attributes. */
  readElements(): void {
    const seen = new Set<Element>()
    const read = (spot: Spot, place: string, mark: string) => {
      const { element } = spot
      if (seen.has(element) || seen.size > 200) return
      seen.add(element)
      const { datetime, content, title, 'data-datetime': data, 'data-timestamp': stamp, 'data-date': day, 'data-time': time, 'data-published': published } = element.attribs // prettier-ignore
      const label = labelOf('', wordsOf(element, 60))
      for (const text of [datetime, content, data, published, title, stamp, day, time]) {
        if (text === undefined || text.trim() === '') continue
        const date = this.readExact(text)
        if (date === undefined) continue
        for (let node: AnyNode | null = element, up = 0; node !== null && up < 3; node = node.parent, up++) this.exact.add(node) // prettier-ignore
        const around = this.around(element, spot.at)
        const names = `${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''} ${element.attribs['itemprop'] ?? ''}`.toLowerCase() // prettier-ignore
        const isUpdated = /modif|updated?|revis/.test(names) && !names.includes('publ')
        const marks = [mark, ...around.marks.map((one) => `${mark} ${one}`), ...(isUpdated ? [`${mark} updated`] : [])]
        this.count(element, this.add(date, place, marks, isUpdated ? 'updated' : label))
        return
      }
    }
    for (const spot of this.page.props('datepublished')) read(spot, 'itemprop datePublished', 'prop published')
    for (const spot of this.page.props('datecreated')) read(spot, 'itemprop dateCreated', 'prop created')
    for (const spot of this.page.props('datemodified')) read(spot, 'itemprop dateModified', 'prop updated')
    const times = this.page.tagged('time')
    for (const [index, spot] of times.slice(0, 80).entries()) {
      const before = this.sightings.length
      read(spot, 'time', 'time')
      if (index === 0)
        for (const one of this.sightings.slice(before)) one.marks.push(times.length === 1 ? 'only time' : 'first time')
    }
    const named = this.page.marked.filter(({ names, roles, element }) => (/date|time|publish|posted/.test(names) || roles.some((role) => /date|published|created|issued/.test(role))) && (element.attribs['title'] ?? element.attribs['content'] ?? element.attribs['data-datetime'] ?? element.attribs['data-timestamp'] ?? element.attribs['data-date'] ?? element.attribs['data-time']) !== undefined) // prettier-ignore
    for (const spot of named.slice(0, 60)) read(spot, 'element called date', 'attribute')
  }

  readLines(): void {
    const { lines } = this.page
    let read = 0
    for (const [index, line] of lines.entries()) {
      if (read >= MOST_LINES) return
      read++
      if (!DATE_LIKE.test(line.text)) {
        this.readAgo(line, index)
        continue
      }
      const dates = findDates(line.text, this.hints)
      for (const date of dates.slice(0, 4)) {
        if (COPYRIGHT.test(line.text.slice(0, date.start).slice(-60))) continue
        const { marks, label } = this.marksOfLine(line, index, date)
        this.count(line.element, this.add(date, 'line', marks, label))
      }
    }
  }

  /** `2 hours ago`, at the headline only. Of a page that was kept since, what an attribute says beside it is right. */
  private readAgo(line: Line, index: number): void {
    const { now, zone } = this.hints
    const steps = index - this.headline
    if (
      now === undefined ||
      this.exact.has(line.element) ||
      line.length > 60 ||
      this.headline < 0 ||
      steps < -3 ||
      steps > 8
    )
      return
    const date =
      readRelative(line.text.replace(/^.*?[|•·:]\s*(?=\S)/, ''), now, zone) ?? readRelative(line.text, now, zone)
    if (date === undefined) return
    const { marks, label } = this.marksOfLine({ ...line, text: '' }, index, { ...date, start: 0, end: 0 })
    this.add(date, 'line', marks, label)
  }

  private marksOfLine(
    line: Line,
    index: number,
    { start, end }: FoundDate,
  ): { marks: string[]; label?: Label | undefined } {
    const before = line.text.slice(0, start)
    const behind = line.text.slice(end)
    const label = labelOf(before, behind) ?? (index > 0 && before.trim() === '' ? labelOf(this.shortLine(index - 1), '') : undefined) // prettier-ignore
    const letters = (before + behind).replace(/[^\p{L}]+/gu, '').length
    const shape = letters <= 16 ? 'alone' : letters <= 60 && line.length < 120 ? 'short' : start < 50 ? 'lead' : 'prose'
    const { marks } = this.around(line.element, line.at, index)
    const where = marks[0] ?? ''
    return {
      marks: [
        `line ${shape}`,
        `line ${shape} ${where}`,
        ...marks.slice(1).map((mark) => `line ${mark}`),
        ...(label === undefined ? [] : [`line says ${label}`, `line ${shape} says ${label}`]),
        ...(line.linked > line.length * 0.5 ? ['line linked'] : []),
      ],
      label,
    }
  }

  private shortLine(index: number): string {
    const text = this.page.lines[index]?.text ?? ''
    return text.length < 30 ? text : ''
  }

  /** Where it stands to the headline, and in what. */
  private around(element: Element, at: number, index = lineAt(this.page.lines, at)): { marks: string[] } {
    const steps = index - this.headline
    const where = this.headline < 0 ? 'no headline' : steps < -12 ? 'far above' : steps < -3 ? 'above' : steps < 0 ? 'right above' : steps <= 3 ? 'right below' : steps <= 8 ? 'below' : steps <= 20 ? 'further below' : 'far below' // prettier-ignore
    const context = this.contextOf(element)
    // What stands in a comment is near no headline, however short the text.
    const isApart = context.includes('in comment') || context.includes('in footer')
    return { marks: [isApart ? 'apart' : where, ...context] }
  }

  private contextOf(element: Element): string[] {
    const marks = this.contexts.get(element) ?? surroundingsOf(element)
    this.contexts.set(element, marks)
    return marks
  }

  /** Dates in many elements of one kind are those of a list. */
  private count(element: Element, sighting: Sighting | undefined): void {
    if (sighting === undefined) return
    const kind = `${element.name} ${element.attribs['class'] ?? ''}`.slice(0, 200)
    const same = this.kinds.get(kind)
    if (same === undefined) this.kinds.set(kind, [sighting])
    else same.push(sighting)
    const all = same ?? [sighting]
    if (all.length === 4) for (const one of all) one.marks.push('one of many')
    else if (all.length > 4) sighting.marks.push('one of many')
  }
}

/** A year that a right began, and what stands with it. */
const COPYRIGHT = /©|\(c\)|copyright|all rights/i

/** Cheap, and right for nearly every line without a date. */
const DATE_LIKE =
  /\d{4}|\d[./-]\d\d?[./-]\d\d|['’]\d\d|[年\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff10-\uff19]/

/** `/uploads/2021/03/` in the address of the picture that the page shows for itself. */
function monthOfPicture(page: Page): string | undefined {
  const [address = ''] = page.meta('og:image', 'twitter:image')
  const [, year, month] = /[/_-](20\d\d)[/_-]?(0[1-9]|1[0-2])(?=[/_-]|\d\d[/_.-])/.exec(address) ?? []
  return year === undefined ? undefined : `${year}-${month ?? ''}`
}
