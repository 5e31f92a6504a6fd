/** Paths into JSON such as `data.posts[0].title`, and texts with such paths in braces. */

/** One step down: a key, a place in a list, or everything there is (`[*]`). */
type Step = string | number | typeof ALL

const ALL = Symbol('all')

const STEP = /\.?([^.[\]{}"'\s]+)|\[(\d{1,6}|\*)\]|\["([^"]+)"\]|\['([^']+)'\]/y
const PART = /\{([^{}]*)\}/g
const MOST_VALUES = 1000

/** Whether it can be read as a path, or as a text with paths in braces. */
export function isPath(written: string): boolean {
  if (!written.includes('{')) return stepsOf(written) !== undefined
  return (
    ![...written.matchAll(PART)].some(([, path = '']) => stepsOf(path) === undefined) &&
    !/[{}]/.test(written.replace(PART, ''))
  )
}

/** Everything that the path leads to, in order; a text with braces gives one text, if all that it needs is there. */
export function valuesAt(data: unknown, written: string): unknown[] {
  if (!written.includes('{')) return follow(data, stepsOf(written) ?? [])
  const parts = [...written.matchAll(PART)].map(([, path = '']) => {
    const [value] = follow(data, stepsOf(path) ?? [])
    const isText = typeof value === 'string' || typeof value === 'number'
    return isText ? encodeURIComponent(value).replaceAll('%2F', '/') : undefined
  })
  return parts.includes(undefined) ? [] : [written.replace(PART, () => parts.shift() ?? '')]
}

function stepsOf(path: string): Step[] | undefined {
  // As JSONPath writes the whole document (RFC 9535, section 2.2).
  const text = path.trim().replace(/^\$(?=\.|\[|$)/, '')
  const steps: Step[] = []
  STEP.lastIndex = 0
  while (STEP.lastIndex < text.length) {
    const found = STEP.exec(text)
    if (found === null) return undefined
    const [, name, place, ...quoted] = found as (string | undefined)[]
    if (place === '*' || name === '*') steps.push(ALL)
    else if (place !== undefined) steps.push(Number(place))
    else steps.push(name ?? quoted.find((key) => key !== undefined) ?? '')
  }
  return path.trim() === '' ? undefined : steps
}

function follow(data: unknown, steps: Step[]): unknown[] {
  let found = [data]
  for (const step of steps) {
    found = found
      .flatMap((value): unknown[] => {
        if (typeof value !== 'object' || value === null) return []
        if (step === ALL) return Object.values<unknown>(value as Record<string, unknown>).slice(0, MOST_VALUES)
        return Object.hasOwn(value, step) ? [(value as Record<PropertyKey, unknown>)[step]] : []
      })
      .slice(0, MOST_VALUES)
  }
  return found.filter((value) => value !== null && value !== undefined)
}
