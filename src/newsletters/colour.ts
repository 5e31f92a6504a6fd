/** The site's colour, moved just so far that text in it can be read on the mail's paper. */

/** The mail's paper, light and dark; the style sheet in templates/mail says the same. */
const paper = { light: '#fffdf8', dark: '#1b1d20' }

/** WCAG 2.2 asks for 4.5 (1.4.3); small capitals deserve a little more. */
const wanted = 5.5

/** `#rrggbb` for light and for dark paper, and what is readable on each when it is the background. */
export interface Accent {
  light: string
  dark: string
}

/** Given `#rrggbb`; hue is kept by mixing with black or white. */
export function accentOf(colour: string): Accent {
  return { light: approach(colour, paper.light, 0), dark: approach(colour, paper.dark, 255) }
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, “contrast ratio”). */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function approach(colour: string, background: string, towards: 0 | 255): string {
  const parts = channels(colour)
  for (let step = 0; step < 50; step++) {
    const mixed = hex(parts.map((part) => Math.round(part + ((towards - part) * step) / 50)))
    if (contrast(mixed, background) >= wanted) return mixed
  }
  return hex([towards, towards, towards])
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((part) =>
    part <= 0.04045 * 255 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

function hex(parts: number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
