/** The publication's own colour, made readable on the light and the dark paper of pages and mails. */

// Of the backgrounds in templates/web/style.css and templates/mail, those on which a colour is harder to read.
const lightPaper = '#fcfbf8'
const darkPaper = '#1b1d20'

/** WCAG 2.2 asks 4.5 of text (1.4.3); a little more, for tinted backgrounds. */
const contrastWanted = 5.5

/** `colour` as it is where it reads well, else darker (for light paper) or lighter (for dark). Both are `#rrggbb`. */
export function accentsOf(colour: string): { light: string; dark: string } {
  return { light: towards(colour, '#000000', lightPaper), dark: towards(colour, '#ffffff', darkPaper) }
}

/** Contrast of two `#rrggbb` colours by WCAG 2.2: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function towards(colour: string, end: string, paper: string): string {
  const from = channels(colour)
  const to = channels(end)
  for (let step = 0; step <= 20; step++) {
    const mixed = from.map((value, index) => Math.round(value + (((to[index] ?? 0) - value) * step) / 20))
    const hex = `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
    if (contrast(hex, paper) >= contrastWanted) return hex
  }
  return end
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}
