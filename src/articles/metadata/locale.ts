/** In which language and country's manner a page writes its dates. */
import { parseUrl } from '../links.ts'
import { type Page } from './page.ts'

/** BCP 47, with the region where the page or its address tells; nothing when neither does. */
export function localeOf(page: Page): string | undefined {
  const [html] = page.tagged('html')
  const said = [html?.element.attribs['lang'], html?.element.attribs['xml:lang'], ...page.meta('content-language', 'dc.language', 'language', 'og:locale')] // prettier-ignore
  const tag = said.map(languageTag).find((one) => one !== undefined)
  const country = countryOf(page.url)
  if (tag === undefined) return country === undefined ? undefined : likely(country)
  const [language = '', ...rest] = tag.split('-')
  // English templates call themselves American wherever they are used.
  if (country !== undefined && (rest.length === 0 || language === 'en')) return languageTag(`${language}-${country}`)
  return tag
}

function languageTag(text: string | undefined): string | undefined {
  const tag = text?.trim().replaceAll('_', '-') ?? ''
  if (!/^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i.test(tag)) return undefined
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

/** Top-level domains of two letters that are used for what they spell, not for where they are. */
const SPELLED = new Set(['io', 'co', 'tv', 'me', 'ai', 'cc', 'fm', 'ly', 'to', 'ws', 'gg', 'am', 'eu', 'su'])

function countryOf(url: string): string | undefined {
  const [, domain = ''] = /\.([a-z]{2})$/i.exec(parseUrl(url)?.hostname ?? '') ?? []
  if (domain === '' || SPELLED.has(domain)) return undefined
  return domain === 'uk' ? 'GB' : domain.toUpperCase()
}

function likely(country: string): string | undefined {
  try {
    const { language, region } = new Intl.Locale(`und-${country}`).maximize()
    return language === 'und' ? undefined : `${language}-${region ?? country}`
  } catch {
    return undefined
  }
}

/** Languages of many countries, whose name says little of where a page is from. */
const SPREAD = /^(?:en|es|fr|pt|ar|zh|ru|sw|fa)$/

const zones = new Map<string, string | undefined>()

/**
 * The IANA name of the time zone in which most of the country lives that the locale names, or whose language it is;
 * nothing where there are several or the locale is none.
 */
export function zoneOf(locale: string | undefined): string | undefined {
  if (locale === undefined || SPREAD.test(locale)) return undefined
  if (!zones.has(locale) && zones.size < 500) zones.set(locale, findZone(locale))
  return zones.get(locale)
}

/** ECMA-402, 2025: newer than the compiler's own list. */
type LocaleWithZones = Intl.Locale & { getTimeZones(): string[] }

function findZone(locale: string): string | undefined {
  try {
    const { region } = new Intl.Locale(locale).maximize()
    const names = region === undefined ? [] : (new Intl.Locale(`und-${region}`) as LocaleWithZones).getTimeZones()
    // In winter and in summer: zones that are the same in both are one for a date.
    const groups = Map.groupBy(names, (name) => [WINTER, SUMMER].map((at) => offsetIn(name, at)).join())
    const [largest] = [...groups.values()].toSorted((a, b) => b.length - a.length)
    return largest !== undefined && largest.length > names.length * 0.6 ? largest.at(-1) : undefined
  } catch {
    return undefined
  }
}

const WINTER = Date.UTC(2024, 0, 15)
const SUMMER = Date.UTC(2024, 6, 15)

function offsetIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '' // prettier-ignore
}
