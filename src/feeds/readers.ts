/** Links that open a feed in a well-known reader, so that nobody has to copy an address. */

// The addresses that the readers themselves offer for "subscribe" buttons; the feed's own comes behind, escaped.
const readers = [
  { name: 'Feedly', begins: 'https://feedly.com/i/subscription/feed%2F' },
  { name: 'Inoreader', begins: 'https://www.inoreader.com/?add_feed=' },
  { name: 'NewsBlur', begins: 'https://www.newsblur.com/?url=' },
  { name: 'Feedbin', begins: 'https://feedbin.com/?subscribe=' },
  { name: 'The Old Reader', begins: 'https://theoldreader.com/feeds/subscribe?url=' },
]

/** A link for each reader, and first one that opens whatever app of the device reads feeds. */
export function readerLinks(feedUrl: string): { name: string; url: string }[] {
  const app = { name: 'An app on this device', url: `feed:${feedUrl}` }
  return [app, ...readers.map(({ name, begins }) => ({ name, url: begins + encodeURIComponent(feedUrl) }))]
}
