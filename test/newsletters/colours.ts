/** What a mail looks like in a browser: each text in its colour, on its ground. */

/** Every element with text of its own: what it says, in which colour, on which. Strings, because they run in the page. */
export const readColours = `(() => {
  const hex = (colour) =>
    '#' + colour.match(/\\d+/g).slice(0, 3).map((part) => Number(part).toString(16).padStart(2, '0')).join('')
  const paperOf = (element) => {
    if (element === null) return '#ffffff'
    const colour = getComputedStyle(element).backgroundColor
    return colour === 'rgba(0, 0, 0, 0)' ? paperOf(element.parentElement) : hex(colour)
  }
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element.checkVisibility())
    .map((element) => ({
      text: [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim(),
      colour: hex(getComputedStyle(element).color),
      paper: paperOf(element),
    }))
    .filter(({ text }) => text.replace('\u200B', '') !== '')
})()`

export interface Seen {
  text: string
  colour: string
  paper: string
}
