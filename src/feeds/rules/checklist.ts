/** The rules of a feed that no reader can fault, one table: the gate, `lint` and docs/feed-checklist.md are made of it. */

export interface Rule {
  /** What is so in a good feed. */
  says: string
  /** Where that stands. */
  by: string
  url: string
  /** What the gate does when a feed of ours breaks it: leaves the item out, holds the feed, or nothing. */
  gate: 'item' | 'feed' | 'nothing'
  /** What `lint` calls it in anybody's feed; a fault makes its exit code 1. */
  lint: 'fault' | 'warning'
  /** What to do about it. */
  mend: string
}

const XML = 'https://www.w3.org/TR/xml/'
const RSS = 'https://www.rssboard.org/rss-specification'
const PROFILE = 'https://www.rssboard.org/rss-profile'
const ATOM = 'https://www.rfc-editor.org/rfc/rfc4287'
const MEDIA = 'https://www.rssboard.org/media-rss'
const APPLE = 'https://help.apple.com/itc/podcasts_connect/#/itcb54353390'
const INDEX = 'https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md'

export const CHECKLIST = {
  'text.utf8': {
    says: 'The file is UTF-8, and declares nothing else.',
    by: 'XML 1.0 §4.3.3; RFC 8259 §8.1', url: `${XML}#charencoding`, gate: 'feed', lint: 'fault',
    mend: 'write the file in UTF-8',
  },
  'text.bom': {
    says: 'No byte order mark stands before it.',
    by: 'RFC 8259 §8.1', url: 'https://www.rfc-editor.org/rfc/rfc8259#section-8.1', gate: 'feed', lint: 'warning',
    mend: 'write the file without the three bytes EF BB BF',
  },
  'text.surrogate': {
    says: 'No half of a surrogate pair is in it, written out or as an escape.',
    by: 'RFC 8259 §8.2; XML 1.0 §2.2', url: 'https://www.rfc-editor.org/rfc/rfc8259#section-8.2', gate: 'item', lint: 'fault',
    mend: 'cut texts between characters, not inside one',
  },
  'xml.well-formed': {
    says: 'The XML is well-formed, as a streaming parse of the whole finds at each publish, and a second parser in `lint`.',
    by: 'XML 1.0 §2.1', url: `${XML}#sec-well-formed`, gate: 'feed', lint: 'fault',
    mend: 'escape & and < in texts, close every element; a writer of XML does both',
  },
  'xml.char': {
    says: 'Every character is one that XML has: no control characters, no U+FFFE or U+FFFF, not even as references.',
    by: 'XML 1.0 §2.2', url: `${XML}#charsets`, gate: 'feed', lint: 'fault',
    mend: 'take these characters out of the texts',
  },
  'xml.namespace': {
    says: 'Every prefix is declared.',
    by: 'Namespaces in XML 1.0 §5', url: 'https://www.w3.org/TR/xml-names/#ns-using', gate: 'feed', lint: 'fault',
    mend: 'declare it on the root element: xmlns:dc="http://purl.org/dc/elements/1.1/"',
  },
  'xml.doctype': {
    says: 'It has no document type: readers do not read one, and entities of its own would be lost.',
    by: 'RSS Advisory Board profile; OWASP XXE', url: PROFILE, gate: 'feed', lint: 'warning',
    mend: 'take the <!DOCTYPE …> out and write characters instead of entities',
  },
  'json.well-formed': {
    says: 'The JSON is well-formed and is one object.',
    by: 'RFC 8259 §2', url: 'https://www.rfc-editor.org/rfc/rfc8259#section-2', gate: 'feed', lint: 'fault',
    mend: 'let a JSON writer make it',
  },
  'feed.kind': {
    says: 'It is RSS 2.0, Atom 1.0 or JSON Feed 1.1 (of others: RSS 1.0, RSS 0.9x, JSON Feed 1).',
    by: 'RSS 2.0; RFC 4287 §4.1.1; JSON Feed 1.1', url: RSS, gate: 'feed', lint: 'fault',
    mend: 'begin with <rss version="2.0">, <feed xmlns="http://www.w3.org/2005/Atom"> or "version": "https://jsonfeed.org/version/1.1"',
  },
  'feed.version': {
    says: 'It has the newest version of its format: older ones say less, and not every reader knows them.',
    by: 'RSS 2.0; JSON Feed 1.1', url: RSS, gate: 'feed', lint: 'warning',
    mend: 'write RSS 2.0 or JSON Feed 1.1',
  },
  'feed.required': {
    says: 'The feed has what its format requires, once: RSS title, link, description; Atom id, title, updated; JSON version, title, items.',
    by: 'RSS 2.0 “Required channel elements”; RFC 4287 §4.1.1; JSON Feed 1.1', url: `${RSS}#requiredChannelElements`, gate: 'feed', lint: 'fault',
    mend: 'add the element that is named, or take its double out',
  },
  'feed.self': {
    says: 'It names its own address: the one that it is served at.',
    by: 'RSS profile “atom:link”; RFC 4287 §4.1.1; JSON Feed `feed_url`', url: `${PROFILE}#namespace-elements-atom-link`, gate: 'feed', lint: 'warning',
    mend: '<atom:link rel="self" href="…"/>, <link rel="self" href="…"/> or "feed_url"',
  },
  'feed.served-at': {
    says: 'The address that it names is the one it was got from (`lint --url`; ours: the address that we serve).',
    by: 'RFC 4287 §4.2.7.2', url: `${ATOM}#section-4.2.7.2`, gate: 'feed', lint: 'fault',
    mend: 'write the address at which readers should ask',
  },
  'feed.language': {
    says: 'It says its language, as BCP 47 spells it.',
    by: 'RSS profile “language”; RFC 4287 §2; JSON Feed 1.1', url: `${PROFILE}#element-channel-language`, gate: 'feed', lint: 'warning',
    mend: '<language>en-GB</language>, xml:lang="en-GB" or "language": "en-GB"',
  },
  'feed.updated': {
    says: 'It was updated when the newest of its items was (of ours; of others: not before them).',
    by: 'RFC 4287 §4.2.15; RSS 2.0 “lastBuildDate”', url: `${ATOM}#section-4.2.15`, gate: 'feed', lint: 'warning',
    mend: 'take the newest updated of its items, not the time of the writing',
  },
  'feed.items': {
    says: 'It has at most as many items as its `items` says, the same ones in each format.',
    by: 'RFC 5005 §4', url: 'https://www.rfc-editor.org/rfc/rfc5005#section-4', gate: 'feed', lint: 'warning',
    mend: 'leave older items to the archive',
  },
  'feed.bytes': {
    says: 'It is no larger than its `bytes` (1 MB unless the config says otherwise), and never larger than 5,000,000 bytes: large readers refuse more.',
    by: 'RFC 5005 §4', url: 'https://www.rfc-editor.org/rfc/rfc5005#section-4', gate: 'feed', lint: 'warning',
    mend: 'show fewer items, or excerpts; HTML is never cut',
  },
  'item.required': {
    says: 'An item has what its format requires, once: RSS title or description; Atom id, title, updated; JSON id and content.',
    by: 'RSS 2.0 “Elements of <item>”; RFC 4287 §4.1.2; JSON Feed “Items”', url: `${RSS}#hrelementsOfLtitemgt`, gate: 'item', lint: 'fault',
    mend: 'add the element that is named, or take its double out',
  },
  'item.recommended': {
    says: 'It has what readers need: an id, a title, an address, a date.',
    by: 'RSS profile “item”', url: `${PROFILE}#element-channel-item`, gate: 'item', lint: 'warning',
    mend: 'add the element that is named',
  },
  'item.id': {
    says: 'Its id is absolute in Atom; in RSS, one that is no web address says isPermaLink="false"; in JSON it is a text.',
    by: 'RFC 4287 §4.2.6; RSS 2.0 “guid”; JSON Feed `id`', url: `${ATOM}#section-4.2.6`, gate: 'item', lint: 'fault',
    mend: 'a tag:, urn:uuid: or https: address that is never changed',
  },
  'item.unique': {
    says: 'No other item of the feed has its id.',
    by: 'RFC 4287 §4.2.6; RSS profile “guid”; JSON Feed `id`', url: `${ATOM}#section-4.2.6`, gate: 'item', lint: 'fault',
    mend: 'give each item an id of its own, for good',
  },
  'item.date': {
    says: 'Its dates are real ones, written as its format wants them: RFC 822 with four digits of the year, or RFC 3339.',
    by: 'RSS profile “pubDate”; RFC 4287 §3.3; JSON Feed', url: `${PROFILE}#data-types-datetime`, gate: 'item', lint: 'fault',
    mend: 'Sun, 01 Mar 2026 12:00:00 GMT in RSS, 2026-03-01T12:00:00Z elsewhere',
  },
  'item.future': {
    says: 'None of its dates is in the future.',
    by: 'RSS profile “pubDate”', url: `${PROFILE}#element-channel-item-pubdate`, gate: 'item', lint: 'warning',
    mend: 'publish the item when its time has come',
  },
  'item.updated': {
    says: 'It was not updated before it was published; `published` never moves, `updated` only when the text does.',
    by: 'RFC 4287 §4.2.9, §4.2.15', url: `${ATOM}#section-4.2.15`, gate: 'item', lint: 'warning',
    mend: 'let updated begin as published, and move it when the text really changed',
  },
  'item.author': {
    says: 'RSS `author` is an e-mail address, names stand in `dc:creator`; Atom and JSON authors have a name, and every Atom entry has an author of its own or of the feed.',
    by: 'RSS 2.0 “author”; RSS profile “dc:creator”; RFC 4287 §4.1.2, §4.2.1; JSON Feed `authors`', url: `${PROFILE}#namespace-elements-dublin-creator`, gate: 'item', lint: 'fault',
    mend: 'write <dc:creator>Ada Moor</dc:creator>',
  },
  'item.description': {
    says: '`description` stands before `content:encoded` and says something else.',
    by: 'RSS profile “content:encoded”', url: `${PROFILE}#namespace-elements-content-encoded`, gate: 'item', lint: 'warning',
    mend: 'put the summary first; where there is none, leave one of the two out',
  },
  'item.content': {
    says: 'Its content is of a type that readers know and is what it says: text, html or xhtml in Atom; a summary where it is elsewhere or not text.',
    by: 'RFC 4287 §3.1.1, §4.1.1.1, §4.1.3', url: `${ATOM}#section-4.1.3`, gate: 'item', lint: 'fault',
    mend: 'type="html", with the HTML escaped or in CDATA',
  },
  'item.language': {
    says: 'A language that it names is spelt as BCP 47 spells it.',
    by: 'RFC 5646 §2.1; JSON Feed `language`', url: 'https://www.rfc-editor.org/rfc/rfc5646#section-2.1', gate: 'item', lint: 'warning',
    mend: 'en, en-GB, zh-Hant',
  },
  'item.enclosure': {
    says: 'A file has an http(s) address, a real MIME type and its length in bytes; in Atom and JSON the length may be missing, in RSS such a file is Media RSS.',
    by: 'RSS 2.0 “enclosure”; RFC 4287 §4.2.7.4; JSON Feed `attachments`', url: `${RSS}#ltenclosuregtSubelementOfLtitemgt`, gate: 'item', lint: 'fault',
    mend: 'ask the file for its length; leave the enclosure out when it is not known',
  },
  'item.one-enclosure': {
    says: 'An RSS item has one enclosure; further files are Media RSS.',
    by: 'RSS profile “enclosure”', url: `${PROFILE}#element-channel-item-enclosure`, gate: 'item', lint: 'warning',
    mend: 'write the others as <media:content>',
  },
  'item.media': {
    says: 'Media RSS has addresses that are absolute, types and figures that can be.',
    by: 'Media RSS 1.5.1', url: MEDIA, gate: 'item', lint: 'warning',
    mend: 'see the value that is named',
  },
  'podcast.required': {
    says: 'A feed that presents itself as a podcast has what directories ask of one: itunes:image, itunes:category and itunes:explicit.',
    by: 'Apple “A Podcaster’s Guide to RSS”, required tags', url: APPLE, gate: 'feed', lint: 'fault',
    mend: 'add the tag that is named to the channel',
  },
  'podcast.value': {
    says: 'What it says of the podcast are values that directories take: categories of Apple’s list, a JPEG or PNG, true or false, episodic or serial, an e-mail address, a UUID as podcast:guid, yes or no as podcast:locked.',
    by: 'Apple “A Podcaster’s Guide to RSS”; Podcast namespace “guid”, “locked”', url: APPLE, gate: 'feed', lint: 'warning',
    mend: 'see the value that is named',
  },
  'episode.enclosure': {
    says: 'Each episode of a podcast has its recording as enclosure. (Of ours, one whose length nobody tells is Media RSS until somebody does.)',
    by: 'Apple “A Podcaster’s Guide to RSS”, enclosure', url: APPLE, gate: 'nothing', lint: 'warning',
    mend: 'give the item an enclosure of type audio/… or video/…, or leave it out of the podcast',
  },
  'episode.value': {
    says: 'What an item says of an episode are values that apps take: a duration in seconds or h:mm:ss, season and episode as numbers from 1, full, trailer or bonus, true or false, a JPEG or PNG, transcripts at https addresses with their type.',
    by: 'Apple “A Podcaster’s Guide to RSS”; Podcast namespace “transcript”', url: `${INDEX}#transcript`, gate: 'item', lint: 'warning',
    mend: 'see the value that is named',
  },
  'item.size': {
    says: 'One item fits into the feed: an article beyond the limit becomes excerpt and link.',
    by: 'RFC 5005 §4', url: 'https://www.rfc-editor.org/rfc/rfc5005#section-4', gate: 'item', lint: 'warning',
    mend: 'show the beginning and a link',
  },
  'link.absolute': {
    says: 'Links are absolute and http or https.',
    by: 'RSS 2.0; RFC 4287 §4.2.7.1; JSON Feed', url: `${PROFILE}#data-types-url`, gate: 'item', lint: 'fault',
    mend: 'write the whole address, with https://',
  },
  'link.alternate': {
    says: 'An Atom entry has an alternate link unless it has content, and no two of one type and language.',
    by: 'RFC 4287 §4.1.2', url: `${ATOM}#section-4.1.2`, gate: 'item', lint: 'fault',
    mend: '<link rel="alternate" type="text/html" href="…"/>',
  },
  'content.relative': {
    says: 'No address inside the content is relative: each reader resolves them in its own way, or not at all.',
    by: 'RSS profile “description”; JSON Feed `content_html`', url: `${PROFILE}#element-channel-item-description`, gate: 'item', lint: 'warning',
    mend: 'make every address in the HTML absolute',
  },
  'content.active': {
    says: 'Nothing in the content can run: no scripts, handlers, javascript: addresses, plug-ins, nor what speaks for the whole page.',
    by: 'RFC 4287 §8.1; HTML', url: `${ATOM}#section-8.1`, gate: 'item', lint: 'fault',
    mend: 'clean the HTML against a list of what is allowed',
  },
  'content.embedded': {
    says: 'Nothing in the content is a page, form or style of its own: readers take these out.',
    by: 'RFC 4287 §8.1', url: `${ATOM}#section-8.1`, gate: 'item', lint: 'warning',
    mend: 'link to it',
  },
  'title.markup': {
    says: 'A title is plain text: no tags in it, and no references escaped twice. (Ours may be about such things.)',
    by: 'RSS profile “title”; RFC 4287 §3.1.1', url: `${PROFILE}#data-types-characterdata`, gate: 'nothing', lint: 'warning',
    mend: 'write the characters themselves, escaped once',
  },
  'same.title': {
    says: 'The title is read as the same, to the letter, from all three formats.',
    by: 'Broadsheet, promise 2', url: `${PROFILE}#data-types-characterdata`, gate: 'item', lint: 'fault',
    mend: 'this is a fault of the renderer',
  },
  'same.id': {
    says: 'The id is byte for byte the same from all three formats and in every run (a guid that is no IRI stays in RSS and JSON as it was; Atom may not have it).',
    by: 'RFC 4287 §4.2.6.1', url: `${ATOM}#section-4.2.6.1`, gate: 'item', lint: 'fault',
    mend: 'this is a fault of the renderer',
  },
  'same.fields': {
    says: 'Address, authors, dates, tags, files, excerpt and content are read as the same from all three formats.',
    by: 'Broadsheet, promise 2', url: RSS, gate: 'item', lint: 'fault',
    mend: 'this is a fault of the renderer',
  },
} as const satisfies Record<string, Rule> // prettier-ignore

export type RuleId = keyof typeof CHECKLIST

/** A rule that is broken, and where. */
export interface Finding {
  rule: RuleId
  /** What was found, or what is missing. */
  found: string
  line?: number
  column?: number
  /** The id, address or title of the item it is about, or its number. */
  item?: string
}

/** Takes what a check finds; `at` is the element that it is about. */
export type Tell = (rule: RuleId, found: string, at?: { line: number; column: number }) => void
