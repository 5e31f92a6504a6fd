/** What a page says of its whole site, for whoever wants to read that. */
import { type CheerioAPI } from 'cheerio'
import { webUrl } from '../web-url.ts'
import { linkedFeeds, wordpressApi } from './feeds.ts'

export interface Front {
  /** What the site calls itself; the title of its page, which says less, stands apart. */
  name?: string | undefined
  title?: string | undefined
  description?: string | undefined
  language?: string | undefined
  /** `#00bb44`. */
  colour?: string | undefined
  logo?: string | undefined
  /** Addresses of feeds that it links. */
  feeds: string[]
  /** Address of the WordPress API. */
  wordpress?: string | undefined
}

export function readFront($: CheerioAPI, url: string): Front {
  const meta = (...names: string[]) => {
    const found = names.map((name) => $(`meta[property="${name}" i], meta[name="${name}" i]`).first().attr('content'))
    return found.map(evenLine).find((text) => text !== undefined)
  }
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const icon = $('link[rel~="apple-touch-icon" i][href], link[rel="apple-touch-icon-precomposed" i][href]').first()
  return {
    name: meta('og:site_name', 'application-name'),
    title: evenLine($('title').first().text()),
    description: meta('description', 'og:description'),
    language: languageOf($('html').attr('lang')),
    colour: colourOf(meta('theme-color')),
    logo: webUrl(icon.attr('href'), base),
    feeds: linkedFeeds($, url),
    wordpress: wordpressApi($, url),
  }
}

export function evenLine(text: string | undefined): string | undefined {
  const line = text?.replace(/\s+/g, ' ').trim().slice(0, 300)
  return line === '' ? undefined : line
}

/** A tag as BCP 47 writes it. */
export function languageOf(tag: string | undefined): string | undefined {
  try {
    return tag === undefined ? undefined : Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

function colourOf(text: string | undefined): string | undefined {
  const [, digits] = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text ?? '') ?? []
  if (digits === undefined) return undefined
  return `#${(digits.length === 3 ? digits.replace(/./g, '$&$&') : digits).toLowerCase()}`
}
