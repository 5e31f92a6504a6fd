/** RSS 2.0 (RSS Advisory Board, with its Best Practices Profile): the channel by npm `feed`, the items by us. */
import { textAsHtml } from './characters.ts'
import type { FeedDocument, Frame, Look } from './document.ts'
import type { Entry } from './entry.ts'
import { historyElements, historyNamespace, openWriter, withCss } from './head.ts'
import { fileElement, MEDIA_NAMESPACE, pictureElements } from './media.ts'
import { episodeElements, podcastNamespaces, showElements } from './podcast.ts'
import { writeXml, type XmlElement } from './xml.ts'

// `feed` declares only what it knows itself, and Dublin Core only beside content:encoded.
export const RSS_ROOT =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" ' +
  `xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="${MEDIA_NAMESPACE}"`

/** All of the file but its items. */
export function rssFrame(document: FeedDocument): Frame {
  const { podcast, author, entries } = document
  const show = podcast ? showElements(podcast, { author, address: document.current('rss.xml') }) : []
  const beside = [...historyElements(document, 'rss.xml', 'atom:'), ...show].map(
    (element) => `\n${writeXml(element, '        ')}`,
  )
  const head = withCss(openWriter(document).rss2())
    .replace(/<rss [^>]*>/, `${RSS_ROOT}${historyNamespace(document)}${podcastNamespaces(podcast, entries)}>`)
    .replace(/<atom:link [^>]*rel="self"[^>]*>/, (self) => `${self}${beside.join('')}`)
  const end = head.lastIndexOf('    </channel>')
  return { open: head.slice(0, end), between: '', close: `${head.slice(end)}\n` }
}

/** Names go where the profile wants them: RSS's own author is an e-mail address, and a name alone there is invalid. */
export function rssItem(entry: Entry, { content, language }: Look): string {
  const { guid, url, title, excerpt, html, published, updated, topics, authors, enclosures, picture } = entry
  // Without its length it would be none that readers may rely on: Media RSS wants no length.
  const [enclosure] = enclosures.filter(({ bytes }) => bytes !== undefined).slice(0, 1)
  const others = enclosures.filter((file) => file !== enclosure)
  const media = [...(picture ? pictureElements(picture) : []), ...others.map(fileElement)]
  const item: XmlElement = {
    name: 'item',
    content: [
      { name: 'title', content: title },
      { name: 'link', content: url },
      { name: 'guid', attributes: { isPermaLink: String(guid === url) }, content: guid },
      { name: 'pubDate', content: published.toUTCString() },
      // RSS reads a description as HTML, and an excerpt is plain text. It stands before the content: some readers show what comes last.
      ...(excerpt ? [{ name: 'description', content: textAsHtml(excerpt), cdata: true }] : []),
      ...(content === 'full' && html ? [{ name: 'content:encoded', content: html, cdata: true }] : []),
      ...topics.map((name) => ({ name: 'category', content: name })),
      ...(enclosure
        ? [{ name: 'enclosure', attributes: { length: enclosure.bytes, type: enclosure.type, url: enclosure.url } }]
        : []),
      ...episodeElements(entry),
      ...authors.map((name) => ({ name: 'dc:creator', content: name })),
      ...(entry.language && entry.language !== language ? [{ name: 'dc:language', content: entry.language }] : []),
      ...(updated > published ? [{ name: 'atom:updated', content: updated.toISOString() }] : []),
      ...media,
    ],
  }
  return `${writeXml(item, '        ')}\n`
}
