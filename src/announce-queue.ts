/** Does what is due, a few at a time and fewer yet at one host, so that a slow one keeps nobody else waiting. */

export interface Queue<T> {
  /** The first `limit` that are due now, without those at these hosts. What was done is due no more, or later. */
  due(limit: number, without: string[]): Promise<T[]>
  keyOf(task: T): string
  hostOf(task: T): string
  work(task: T): Promise<void>
  atOnce: number
  atOneHost: number
  /** After so long nothing more is begun; the rest stays due. */
  longestMs: number
  stop?: AbortSignal | undefined
}

/** Until nothing is due, or it is told to stop. What comes up meanwhile is done too. Throws what `due` or `work` throws. */
export async function drain<T>(queue: Queue<T>): Promise<void> {
  const { atOnce, atOneHost, longestMs, stop } = queue
  const began = performance.now()
  const inAir = new Map<string, string>()
  // When each was done, by a count of what happened.
  const doneAt = new Map<string, number>()
  let happened = 0
  let isBroken = false
  const fullHosts = () => {
    const hosts = [...inAir.values()]
    return [...new Set(hosts)].filter((host) => hosts.filter((one) => one === host).length >= atOneHost)
  }
  const worker = async () => {
    while (!isBroken && stop?.aborted !== true && performance.now() - began < longestMs) {
      const askedAt = (happened += 1)
      const without = fullHosts()
      const found = await queue.due(atOnce + 1, without)
      // Another worker may have taken one meanwhile, or even done it; from here to the note of it nothing is waited for.
      const full = fullHosts()
      const isDone = (one: T) => (doneAt.get(queue.keyOf(one)) ?? 0) > askedAt
      const task = found.find(
        (one) => !isDone(one) && !inAir.has(queue.keyOf(one)) && !full.includes(queue.hostOf(one)),
      )
      if (task === undefined) {
        // What hides behind those is to be seen by asking again.
        if (
          found.some((one) => isDone(one) || (full.includes(queue.hostOf(one)) && !without.includes(queue.hostOf(one))))
        )
          continue
        return
      }
      const key = queue.keyOf(task)
      inAir.set(key, queue.hostOf(task))
      try {
        await queue.work(task)
      } finally {
        inAir.delete(key)
        doneAt.set(key, (happened += 1))
      }
    }
  }
  const workers = Array.from({ length: atOnce }, () =>
    worker().catch((thrown: unknown) => {
      isBroken = true
      throw thrown
    }),
  )
  const ended = await Promise.allSettled(workers)
  const broken = ended.find((one) => one.status === 'rejected')
  if (broken) throw broken.reason
}
