/**
 * Runs work by name in processes of their own, within limits of time and memory: what is too hard ends there and stops
 * nothing here. Threads would not do: where V8 finds no memory for one thread, it often ends the process with all of them.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { describe, Failure } from '../failures.ts'
import { cpuMs } from './cpu.ts'
import { failureOf, type Answer, type Task } from './messages.ts'

export interface PoolOptions {
  /** The module that the processes run: it calls `serve` (serve.ts). */
  entry: URL
  /** Processes at most; each is started when there is work for it, and then kept. */
  processes: number
  /** Processor time that one task may take. */
  taskMs: number
  /** What one process may hold on its heap, in MB. */
  memoryMb: number
}

export interface Pool {
  /**
   * What the function of that name gives for these arguments, both as structured clones. Throws the Failure that it threw;
   * Failure `reading.tooHard` when it took too much time, memory or depth; and an Error for anything else it threw.
   */
  run: (name: string, args: unknown[]) => Promise<unknown>
  /** Ends the processes; what was not answered yet fails with `http.stopped`. */
  close: () => Promise<void>
}

interface Job {
  task: Task
  settle: (answer: Answer) => void
  fail: (thrown: Error) => void
}

interface Helper {
  child: ChildProcess
  job?: Job | undefined
  /** Processor time that it had taken when its last task ended. */
  usedMs: number
  timer?: NodeJS.Timeout | undefined
  /** The last that it wrote to stderr. */
  words: string
}

/** One that waits for its turn on a busy machine is left alone for so many times its time. */
const PATIENCE = 12

/** How a process ends that the kernel or V8 ended: for want of memory, or because its stack was too deep. */
const ENDED_FOR_IT = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS', 'SIGKILL'])

/** Opens the pool. It starts no process yet, and none of them keeps this one from ending. */
export function openPool({ entry, processes, taskMs, memoryMb }: PoolOptions): Pool {
  const helpers = new Set<Helper>()
  const waiting: Job[] = []
  let isClosed = false

  const start = (): Helper => {
    const child = fork(entry, [], {
      // It reads its own modules, and needs nothing else of this machine: no file written, no program started.
      execArgv: [`--max-old-space-size=${memoryMb}`, '--permission', '--allow-fs-read=*', '--no-warnings'],
      // The environment holds secrets, and what is read there is untrusted.
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const helper: Helper = { child, usedMs: 0, words: '' }
    helpers.add(helper)
    hold(helper, false)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (helper.words = (helper.words + text).slice(-4000)))
    child.on('message', (answer: Answer) => {
      helper.usedMs = answer.usedMs
      finish(helper)?.settle(answer)
      next()
    })
    child.on('error', (thrown) => drop(helper, thrown))
    child.on('exit', (code, signal) => {
      const isHard = (signal !== null && ENDED_FOR_IT.has(signal)) || /heap (?:limit|out of memory)/.test(helper.words)
      const words = helper.words.trim().split('\n').slice(0, 8).join('\n')
      drop(
        helper,
        isHard
          ? new Failure('reading.tooHard', { limit: `${memoryMb} MB` }, new Error(words))
          : new Error(`a process that reads ended by itself (${signal ?? code}): ${words}`),
      )
    })
    return helper
  }

  const finish = (helper: Helper): Job | undefined => {
    const { job } = helper
    clearTimeout(helper.timer)
    helper.job = undefined
    hold(helper, false)
    return job
  }

  /** The process is no more, or soon: its task fails, and the next one gets another process. */
  const drop = (helper: Helper, thrown: Error) => {
    if (!helpers.delete(helper)) return
    helper.child.kill('SIGKILL')
    finish(helper)?.fail(isClosed ? new Failure('http.stopped') : thrown)
    next()
  }

  const watch = (helper: Helper, job: Job, began: number, ms: number) => {
    helper.timer = setTimeout(() => {
      // An answer that lies there already, because this process was busy, comes first.
      setImmediate(() => setImmediate(() => look(helper, job, began)))
    }, ms)
  }

  const look = (helper: Helper, job: Job, began: number) => {
    if (helper.job !== job) return
    const elapsedMs = performance.now() - began
    const usedMs = (cpuMs(helper.child.pid) ?? Infinity) - helper.usedMs
    if (usedMs < taskMs && elapsedMs < PATIENCE * taskMs)
      watch(helper, job, began, Math.max(taskMs - usedMs, taskMs / 20))
    else drop(helper, new Failure('reading.tooHard', { limit: `${taskMs} ms` }))
  }

  const next = () => {
    while (waiting.length > 0 && !isClosed) {
      const helper =
        [...helpers].find(({ job }) => job === undefined) ?? (helpers.size < processes ? start() : undefined)
      const job = helper === undefined ? undefined : waiting.shift()
      if (helper === undefined || job === undefined) return
      helper.job = job
      hold(helper, true)
      try {
        helper.child.send(job.task, (error) => {
          if (error !== null) drop(helper, error)
        })
        watch(helper, job, performance.now(), taskMs)
      } catch (thrown) {
        finish(helper)
        job.fail(thrown instanceof Error ? thrown : new Error(describe(thrown)))
      }
    }
  }

  return {
    run(name, args) {
      return new Promise((resolve, reject) => {
        if (isClosed) {
          reject(new Failure('http.stopped'))
          return
        }
        waiting.push({
          task: { name, args },
          settle: (answer) => {
            if ('value' in answer) resolve(answer.value)
            else reject(failureOf(answer))
          },
          fail: reject,
        })
        next()
      })
    },
    async close() {
      isClosed = true
      for (const job of waiting.splice(0)) job.fail(new Failure('http.stopped'))
      const ended = [...helpers].map(
        ({ child }) =>
          new Promise<void>((done) => (child.exitCode === null ? child.once('exit', () => done()) : done())),
      )
      for (const helper of helpers) {
        drop(helper, new Failure('http.stopped'))
        hold(helper, true)
      }
      await Promise.all(ended)
    },
  }
}

/** Whether the process keeps this one from ending: while it works, it does. */
function hold({ child }: Helper, isHeld: boolean): void {
  const { channel } = child
  if (isHeld) {
    child.ref()
    channel?.ref()
  } else {
    child.unref()
    channel?.unref()
    if (child.stderr instanceof Socket) child.stderr.unref()
  }
}
