/** What npm `feed` writes of every feed: the head of RSS and of Atom. */
import { Feed as FeedWriter } from 'feed'
import type { FeedFile } from '../addresses.ts'
import { oneLine } from './characters.ts'
import type { FeedDocument } from './document.ts'
import type { XmlElement } from './xml.ts'

/** A writer that has the feed's own fields and no items yet. */
export function openWriter(document: FeedDocument): FeedWriter {
  const { title, description, author, logo, updated, podcast } = document
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
    ...(podcast?.copyright && { copyright: readable(oneLine(podcast.copyright)) }),
  })
}

/** Declares what `historyElements` writes: in archives alone, so that no other feed changes its bytes for it. */
export function historyNamespace({ isArchive }: FeedDocument): string {
  return isArchive ? ' xmlns:fh="http://purl.org/syndication/history/1.0"' : ''
}

/** What RFC 5005 wants said of a document; `prefix` is that of Atom. */
export function historyElements(document: FeedDocument, file: FeedFile, prefix = ''): XmlElement[] {
  return [
    ...(document.isArchive ? [{ name: 'fh:archive' }] : []),
    ...document.links(file).map(({ rel, href }) => ({ name: `${prefix}link`, attributes: { rel, href } })),
  ]
}

/** `feed` takes every style sheet for XSLT, which browsers are giving up. */
export function withCss(xml: string): string {
  return xml.replace(/(<\?xml-stylesheet [^?]*)type="text\/xsl"/, '\n$1type="text/css"')
}

/** `feed` reads `&amp;` in a text as `&` before it escapes, so a text that speaks of `&amp;` would lose it. */
export function readable(text: string): string {
  return text.replaceAll('&', '&amp;')
}
