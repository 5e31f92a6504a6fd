import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { drain, type Queue } from '../src/announce-queue.ts'

interface Task {
  name: string
  host: string
}

/** Answers as a database does: as it was when it was asked. */
function queueOf(tasks: Task[], work: (task: Task) => Promise<void>, changes: Partial<Queue<Task>> = {}): Queue<Task> {
  const left = new Set(tasks)
  return {
    async due(limit, without) {
      const found = [...left].filter(({ host }) => !without.includes(host)).slice(0, limit)
      await pause(Math.random() * 3)
      return found
    },
    keyOf: ({ name }) => name,
    hostOf: ({ host }) => host,
    async work(task) {
      await work(task)
      left.delete(task)
    },
    atOnce: 8,
    atOneHost: 2,
    longestMs: 10_000,
    ...changes,
  }
}

const tasksOf = (count: number, host: (index: number) => string): Task[] =>
  Array.from({ length: count }, (_, index) => ({ name: String(index), host: host(index) }))

describe('announce-queue', () => {
  it('does each once, whatever it is told while others are at work', async () => {
    const done: string[] = []
    const tasks = tasksOf(200, (index) => `host${index % 40}`)
    await drain(queueOf(tasks, async ({ name }) => void done.push(name)))
    assert.deepEqual(done.toSorted(), tasks.map(({ name }) => name).toSorted())
  })

  it('does a few at a time, and fewer at one host', async () => {
    const inAir: string[] = []
    let [most, mostAtOne] = [0, 0]
    const tasks = tasksOf(60, (index) => (index < 30 ? 'busy' : `host${index}`))
    await drain(
      queueOf(tasks, async ({ host }) => {
        inAir.push(host)
        most = Math.max(most, inAir.length)
        mostAtOne = Math.max(mostAtOne, inAir.filter((one) => one === 'busy').length)
        await pause(4)
        inAir.splice(inAir.indexOf(host), 1)
      }),
    )
    assert(most > 2 && most <= 8, String(most))
    assert.equal(mostAtOne, 2)
  })

  it('begins nothing more when it is told to stop, or has taken its time', async () => {
    for (const changes of [{ stop: AbortSignal.abort() }, { longestMs: 0 }]) {
      let begun = 0
      await drain(queueOf(tasksOf(3, String), async () => void (begun += 1), changes))
      assert.equal(begun, 0)
    }
  })

  it('throws what broke, when all that was in the air has ended', async () => {
    let isOver = false
    const work = async ({ name }: Task) => {
      if (name === '0') throw new Error('broken')
      await pause(20)
      isOver = true
    }
    await assert.rejects(drain(queueOf(tasksOf(2, String), work)), /broken/)
    assert(isOver)
  })
})
