/** The rules of podcasts: what Apple's directory asks of a feed, and the Podcast Index of its own tags. */
import { categoryNames, isCategory } from '../podcast-categories.ts'
import { ITUNES_NAMESPACE, PODCAST_NAMESPACE } from '../podcast.ts'
import { childrenOf, textOf, type ReadElement } from '../read-xml.ts'
import type { RuleId, Tell } from './checklist.ts'
import { isEmail, isLanguage, isMediaType, isWebAddress } from './values.ts'

const ITUNES = `{${ITUNES_NAMESPACE}}`
const PODCAST = `{${PODCAST_NAMESPACE}}`

/** Other feeds have pictures and names of Apple's too; these only a podcast has a reason for. */
const SIGNS = ['category', 'explicit', 'owner', 'type'].map((name) => ITUNES + name)

/** Whether a channel presents itself as a podcast. */
export function isPodcast(channel: ReadElement): boolean {
  return channel.children.some(({ name }) => SIGNS.includes(name))
}

export function checkShow(channel: ReadElement, tell: Tell): void {
  if (isPodcast(channel)) {
    for (const name of ['image', 'category', 'explicit'])
      if (childrenOf(channel, ITUNES + name).length === 0) tell('podcast.required', `no <itunes:${name}>`, channel)
  }
  const check = checkerOf(channel, 'podcast.value', tell)
  check('type', (text) => /^(?:episodic|serial)$/i.test(text))
  check('explicit', (text) => /^(?:true|false)$/.test(text))
  checkImage(channel, 'podcast.value', tell)
  for (const category of childrenOf(channel, `${ITUNES}category`)) {
    const [part] = childrenOf(category, `${ITUNES}category`)
    const names = [category.attributes['text'] ?? '', ...(part ? [part.attributes['text'] ?? ''] : [])]
    const [name = '', inner] = names.flatMap(categoryNames)
    if (!isCategory(name, inner))
      tell('podcast.value', `itunes:category ${names.join(' > ') || 'without text'}`, category)
  }
  for (const owner of childrenOf(channel, `${ITUNES}owner`)) {
    const email = textOf(owner, `${ITUNES}email`) ?? ''
    if (!isEmail(email)) tell('podcast.value', `the e-mail of itunes:owner: ${email || 'none'}`, owner)
  }
  for (const { text } of childrenOf(channel, `${PODCAST}guid`))
    if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text.trim()))
      tell('podcast.value', `podcast:guid ${text}`, channel)
  for (const { text, attributes } of childrenOf(channel, `${PODCAST}locked`)) {
    const { owner } = attributes
    if (!/^(?:yes|no)$/.test(text.trim())) tell('podcast.value', `podcast:locked ${text}`, channel)
    if (owner !== undefined && !isEmail(owner)) tell('podcast.value', `the owner of podcast:locked: ${owner}`, channel)
  }
}

/** Of an item, in whatever feed. */
export function checkEpisode(item: ReadElement, tell: Tell): void {
  // Most have none of it, and every item of every feed comes by here.
  if (!item.children.some(({ name }) => name.startsWith(ITUNES) || name.startsWith(PODCAST))) return
  const check = checkerOf(item, 'episode.value', tell)
  check('duration', (text) => /^(?:\d+|(?:\d+:)?[0-5]?\d:[0-5]\d)$/.test(text))
  check('explicit', (text) => /^(?:true|false)$/.test(text))
  for (const name of ['season', 'episode']) check(name, (text) => /^[1-9]\d{0,8}$/.test(text))
  check('episodeType', (text) => /^(?:full|trailer|bonus)$/i.test(text))
  checkImage(item, 'episode.value', tell)
  for (const transcript of childrenOf(item, `${PODCAST}transcript`)) {
    const { url = '', type = '', language, rel } = transcript.attributes
    const isFine =
      // The namespace allows nothing but https.
      /^https:/i.test(url) &&
      isWebAddress(url) &&
      isMediaType(type) &&
      (language === undefined || isLanguage(language)) &&
      (rel === undefined || rel === 'captions')
    if (!isFine)
      tell('episode.value', `podcast:transcript ${url || 'without url'} ${type || 'without type'}`, transcript)
  }
}

/** Only of what calls itself a podcast: without it, no app plays anything. */
export function checkRecording(item: ReadElement, tell: Tell): void {
  const [file] = childrenOf(item, '{}enclosure')
  const type = file?.attributes['type'] ?? ''
  if (!file) tell('episode.enclosure', 'no enclosure', item)
  else if (!PLAYED.test(type)) tell('episode.enclosure', `an enclosure of type ${type || 'none'}`, file)
}

/** What Apple's directory takes: M4A, MP3, MOV, MP4, M4V, PDF; other players take other recordings as well. */
const PLAYED = /^(?:audio|video)\/|^application\/(?:pdf|epub\+zip)$/i

function checkerOf(parent: ReadElement, rule: RuleId, tell: Tell) {
  return (name: string, isFine: (text: string) => boolean): void => {
    for (const element of childrenOf(parent, ITUNES + name))
      if (!isFine(element.text.trim())) tell(rule, `itunes:${name} ${element.text.trim() || 'empty'}`, element)
  }
}

function checkImage(parent: ReadElement, rule: RuleId, tell: Tell): void {
  for (const image of childrenOf(parent, `${ITUNES}image`)) {
    const { href = '' } = image.attributes
    const isOther = /\.(?:gif|webp|avif|svg|bmp|tiff?)$/i.test(URL.parse(href)?.pathname ?? '')
    if (!isWebAddress(href) || isOther) tell(rule, `itunes:image ${href || 'without href'}`, image)
  }
}
