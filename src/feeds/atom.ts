/** Atom 1.0 (RFC 4287): the head by npm `feed`, the entries by us, because there `feed` leaves no way to mend them. */
import type { FeedDocument, Frame, Look } from './document.ts'
import type { Entry } from './entry.ts'
import { historyElements, historyNamespace, openWriter, withCss } from './head.ts'
import { MEDIA_NAMESPACE, pictureElements } from './media.ts'
import { writeXml } from './xml.ts'

export const ATOM_ROOT = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="${MEDIA_NAMESPACE}"`

/** All of the file but its entries. */
export function atomFrame(document: FeedDocument): Frame {
  const lines = (elements: Parameters<typeof writeXml>[0][]) =>
    elements.map((element) => `${writeXml(element, '    ')}\n`).join('')
  const gone = document.gone.map(({ id, at }) => ({
    name: 'at:deleted-entry',
    attributes: { ref: id, when: at.toISOString() },
  }))
  const head = withCss(openWriter(document).atom1()).replace(/<feed [^>]*>/, rootTag(document))
  const end = head.lastIndexOf('</feed>')
  return {
    open: head.slice(0, end) + lines(historyElements(document, 'atom.xml')),
    between: '',
    close: `${lines(gone)}${head.slice(end)}\n`,
  }
}

function rootTag(document: FeedDocument): string {
  const tombstones = document.gone.length > 0 ? ' xmlns:at="http://purl.org/atompub/tombstones/1.0"' : ''
  return `${ATOM_ROOT}${tombstones}${historyNamespace(document)} xml:lang="${document.language}">`
}

export function atomEntry(entry: Entry, { content, language }: Look): string {
  const { id, title, published, updated, authors, topics, excerpt, html, picture, enclosures, url } = entry
  const full = content === 'full' && html !== ''
  const element = {
    name: 'entry',
    attributes: { 'xml:lang': entry.language === language ? undefined : entry.language },
    content: [
      { name: 'id', content: id },
      // Plain text is said to be plain text: as HTML, `Vector<int>` would be shown as `Vector`.
      { name: 'title', attributes: { type: 'text' }, content: title },
      { name: 'published', content: published.toISOString() },
      { name: 'updated', content: updated.toISOString() },
      ...authors.map((name) => ({ name: 'author', content: [{ name: 'name', content: name }] })),
      ...topics.map((term) => ({ name: 'category', attributes: { term } })),
      ...(excerpt ? [{ name: 'summary', attributes: { type: 'text' }, content: excerpt }] : []),
      ...(full ? [{ name: 'content', attributes: { type: 'html' }, content: html, cdata: true }] : []),
      ...(picture ? pictureElements(picture) : []),
      ...enclosures.map((file) => ({
        name: 'link',
        attributes: { rel: 'enclosure', type: file.type, length: file.bytes, title: file.title, href: file.url },
      })),
      // Last of the links: one common parser takes whichever comes last as the article's address.
      { name: 'link', attributes: { rel: 'alternate', type: 'text/html', href: url } },
    ],
  }
  return `${writeXml(element, '    ')}\n`
}
