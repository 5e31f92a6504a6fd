/** Media RSS: the lead picture, and in RSS the files beyond the one enclosure that it has a place for. */
import type { Enclosure, Image } from '../model.ts'
import type { XmlElement } from './xml.ts'

export const MEDIA_NAMESPACE = 'http://search.yahoo.com/mrss/'

export function pictureElements(picture: Image): XmlElement[] {
  const { url, width, height } = picture
  // Some readers look for nothing but thumbnails.
  return [contentElement(picture), { name: 'media:thumbnail', attributes: { url, width, height } }]
}

function contentElement(picture: Image): XmlElement {
  const { url, alt, caption, credit, type, bytes, width, height } = picture
  const content: XmlElement[] = []
  const description = alt ?? caption
  if (caption && caption !== description)
    content.push({ name: 'media:title', attributes: { type: 'plain' }, content: caption })
  if (description) content.push({ name: 'media:description', attributes: { type: 'plain' }, content: description })
  if (credit) content.push({ name: 'media:credit', content: credit })
  return {
    name: 'media:content',
    attributes: { url, fileSize: bytes, type, medium: 'image', width, height },
    ...(content.length > 0 && { content }),
  }
}

export function fileElement({ url, type, bytes, title, seconds }: Enclosure): XmlElement {
  const medium = /^(image|audio|video)\//.exec(type)?.[1] ?? (type.startsWith('text/') ? 'document' : undefined)
  return {
    name: 'media:content',
    attributes: { url, fileSize: bytes, type, medium, duration: seconds },
    ...(title && { content: [{ name: 'media:title', attributes: { type: 'plain' }, content: title }] }),
  }
}
