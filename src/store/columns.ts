/** What the columns of every table share: times as ISO-8601 UTC text, lists and objects as JSON text, both read strictly. */
import { z } from 'zod'
import { FAILURES } from '../failure-table.ts'
import { Failure, type FailureCode } from '../failures.ts'

/** Time as text that sorts. Throws RangeError for an invalid Date. */
export function fromDate(date: Date): string {
  return date.toISOString()
}

/** The moment that a column says. Throws Failure `database.unusable` where it was not written by `fromDate`. */
export function toDate(text: string, column: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime()) || date.toISOString() !== text) {
    throw new Failure('database.unusable', { column, reason: 'it holds no ISO-8601 UTC time' })
  }
  return date
}

/** What the JSON of a column says. Throws Failure `database.unusable` where it has another shape. */
export function fromJson<T>(shape: z.ZodType<T>, text: string, column: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    throw new Failure('database.unusable', { column, reason: 'it holds no JSON' }, thrown)
  }
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Failure('database.unusable', {
    column,
    reason: `its JSON has another shape: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  })
}

/** Pieces of at most `size`: a statement can only take so many values (32,766 in SQLite, 65,535 in PostgreSQL). */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}

/** A failure kept as JSON. A code that was once released stays in the table of failures: rows may hold it. */
export const failureReport = z.strictObject({
  code: z.custom<FailureCode>((code) => typeof code === 'string' && Object.hasOwn(FAILURES, code)),
  says: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  next: z.string(),
  retry: z.boolean(),
})
