/** Processor time of another process, where the system tells it. */
import { readFileSync } from 'node:fs'

/** Clock ticks a second in /proc: what Linux shows to programs, whatever its own clock does (proc_pid_stat(5)). */
const TICKS = 100

/** User and system time of the process so far, in ms; undefined where that cannot be told. */
export function cpuMs(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program stands in brackets and may hold anything: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    return Number.isNaN(ticks) ? undefined : (ticks * 1000) / TICKS
  } catch {
    return undefined
  }
}
