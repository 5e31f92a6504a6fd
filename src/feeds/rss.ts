/** RSS 2.0, written by npm `feed`; what `feed` has no place for goes in as its extensions. */
import type { Extension } from 'feed'
import { textAsHtml } from './characters.ts'
import type { FeedDocument } from './document.ts'
import type { Entry } from './entry.ts'
import { historyElements, historyNamespace, openWriter, readable, withCss } from './head.ts'
import { fileElement, MEDIA_NAMESPACE, pictureElement } from './media.ts'
import { writeXml, type XmlElement } from './xml.ts'

// `feed` declares only what it knows itself, and Dublin Core only beside content:encoded.
const NAMESPACES =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" ' +
  `xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="${MEDIA_NAMESPACE}"`

export function renderRss(document: FeedDocument): string {
  const writer = openWriter(document)
  for (const entry of document.entries) {
    const { guid, url, title, excerpt, html, published, topics, enclosures } = entry
    const [enclosure] = enclosures
    writer.addItem({
      title,
      link: url,
      // Without an id `feed` makes the link a permalink guid, which it may be only where it is the same to the letter.
      ...(guid !== url && { id: readable(guid) }),
      date: published,
      // RSS reads a description as HTML, and an excerpt is plain text.
      ...(excerpt && { description: textAsHtml(excerpt) }),
      ...(document.content === 'full' && html && { content: html }),
      category: topics.map((name) => ({ name: readable(name) })),
      ...(enclosure && { enclosure: { url: enclosure.url, type: enclosure.type, length: enclosure.bytes } }),
      extensions: extensions(entry),
    })
  }
  const beside = historyElements(document, 'rss.xml', 'atom:').map((element) => `\n${writeXml(element, '        ')}`)
  return `${withCss(writer.rss2())
    .replace(/<rss [^>]*>/, `${NAMESPACES}${historyNamespace(document)}>`)
    .replace(/<atom:link [^>]*rel="self"[^>]*>/, (self) => `${self}${beside.join('')}`)}\n`
}

function extensions({ title, authors, published, updated, picture, enclosures }: Entry): Extension[] {
  const media = [...(picture ? [pictureElement(picture)] : []), ...enclosures.slice(1).map(fileElement)]
  const found: [name: string, nodes: unknown[]][] = [
    // Takes the place of the CDATA section that `feed` makes of a title, which the second `]]>` in it would break.
    ['title', [{ _text: readable(title) }]],
    // RSS's own author is an e-mail address; a name alone there is invalid.
    ['dc:creator', authors.map((name) => ({ _text: readable(name) }))],
    ['atom:updated', updated > published ? [{ _text: updated.toISOString() }] : []],
    ['media:content', media.map(compact)],
  ]
  // `feed` hands arrays through to its XML writer, which writes an element for each; its type only speaks of one.
  return found
    .filter(([, nodes]) => nodes.length > 0)
    .map(([name, nodes]) => ({ name, objects: nodes as unknown as Extension['objects'] }))
}

/** Our element in the shape that `feed` hands to its XML writer, which escapes of an attribute only the quotes. */
function compact({ attributes = {}, content }: XmlElement): Record<string, unknown> {
  const written = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? textAsHtml(value) : value,
  ])
  const children = typeof content === 'string' ? [] : (content ?? [])
  return {
    _attributes: Object.fromEntries(written) as unknown,
    ...(typeof content === 'string' && { _text: readable(content) }),
    ...Object.fromEntries(children.map((child) => [child.name, compact(child)])),
  }
}
