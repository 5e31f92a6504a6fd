/** The patterns of `include` and `exclude`: which of the things that a source sees are wanted. */
import { z } from 'zod'

const REGEX = 'regex:'

/** Part of a path, address or title, whatever its case; or `regex:` and a regular expression. */
export const pattern = z
  .string()
  .min(1)
  .refine((text) => !text.startsWith(REGEX) || isRegex(text.slice(REGEX.length)), {
    error: 'a part of an address or title, or regex: and a regular expression that is well-formed',
  })

/** Whether any of the patterns is found in any of the names. */
export function matchesAny(patterns: string[], names: string[]): boolean {
  return patterns.some((text) => {
    if (text.startsWith(REGEX)) {
      const regex = new RegExp(text.slice(REGEX.length), 'iu')
      return names.some((name) => regex.test(name))
    }
    const part = text.toLowerCase()
    return names.some((name) => name.toLowerCase().includes(part))
  })
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'iu')
    return true
  } catch {
    return false
  }
}
