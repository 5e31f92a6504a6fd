/** What a person at a terminal sees: progress while work goes on, faults with the next step, aligned lines. */
import ora from 'ora'
import { ConfigFailure } from './config.ts'
import { Failure, type FailureReport } from './failures.ts'
import { type Report } from './contracts.ts'

/** A line that shows how far the work is, on a terminal; nothing anywhere else. */
export interface ProgressLine {
  report: Report
  clear(): void
}

export function openProgress(visible: boolean): ProgressLine {
  if (!visible) return { report: () => undefined, clear: () => undefined }
  const spinner = ora({ stream: process.stderr, discardStdin: false })
  return {
    report({ verb, id, done, total }) {
      spinner.text = total > 0 ? `${verb} ${id}  ${done} of ${total}` : `${verb} ${id}`
      if (!spinner.isSpinning) spinner.start()
    },
    clear() {
      spinner.stop()
    },
  }
}

/** Rows as lines whose columns stand under one another. */
export function columns(rows: string[][]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)))
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A failure for a person: what, the facts, what to do next. */
export function showFailure(failure: Failure): string {
  if (failure instanceof ConfigFailure) {
    const faults = failure.faults.map(
      ({ file, line, path, expected, found }) =>
        `  ${file}:${line}  ${path === '' ? '' : `${path}  `}expected ${expected}, found ${found}`,
    )
    return [
      `${failure.faults.length === 1 ? '1 fault' : `${failure.faults.length} faults`} in the config:`,
      ...faults,
      `→ ${failure.next}`,
    ].join('\n')
  }
  return showReport(failure.toJSON())
}

/** The same for a failure that a verb met and went on from. */
export function showReport({ says, details, next }: FailureReport): string {
  const facts = Object.entries(details).filter(([, value]) => value !== undefined)
  return [says, ...facts.map(([name, value]) => `  ${name}: ${String(value)}`), `  → ${next}`].join('\n')
}

/** `1 article`, `2 articles`. */
export function count(number: number, thing: string): string {
  return `${number} ${number === 1 ? thing : `${thing}s`}`
}
