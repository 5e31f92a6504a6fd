/** What npm `feed` writes of every feed: the head of RSS and of Atom. */
import { Feed as FeedWriter } from 'feed'
import type { FeedDocument } from './document.ts'

/** A writer that has the feed's own fields and no items yet. */
export function openWriter(document: FeedDocument): FeedWriter {
  const { title, description, author, logo, updated } = document
  return new FeedWriter({
    id: document.id,
    title: readable(title),
    description: readable(description),
    link: document.home,
    language: document.language,
    updated,
    author: { name: readable(author) },
    generator: 'Broadsheet',
    docs: 'https://www.rssboard.org/rss-specification',
    feedLinks: { rss: document.address('rss.xml'), atom: document.address('atom.xml') },
    stylesheet: document.style,
    ...(logo && { image: readable(logo) }),
  })
}

/** `feed` takes every style sheet for XSLT, which browsers are giving up. */
export function withCss(xml: string): string {
  return xml.replace(/(<\?xml-stylesheet [^?]*)type="text\/xsl"/, '\n$1type="text/css"')
}

/** `feed` reads `&amp;` in a text as `&` before it escapes, so a text that speaks of `&amp;` would lose it. */
export function readable(text: string): string {
  return text.replaceAll('&', '&amp;')
}
