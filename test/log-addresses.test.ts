import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import pino from 'pino'
import { tell } from '../src/alert.ts'
import { openApp, type App } from '../src/app.ts'
import { doingsOf, needsOf } from '../src/commands/round.ts'
import { webOf } from '../src/commands/shifts.ts'
import { readConfig } from '../src/config.ts'
import { runDue } from '../src/jobs/run-due.ts'
import { openLog, type Log } from '../src/log.ts'
import { type Message, type Outcome, type Transport } from '../src/contracts.ts'
import { subscribe } from '../src/store/subscribers.ts'
import { copySample } from './sample.ts'

/** Answers as servers do, with the address of the reader in every reply. */
const server: Transport = {
  id: 'smtp',
  async send({ envelope: { to } }: Message): Promise<Outcome> {
    if (to.startsWith('broken')) throw new Error(`socket closed while sending to <${to}>`)
    const kind = (['refused', 'later', 'uncertain'] as const).find((one) => to.startsWith(one)) ?? 'submitted'
    return { kind, reply: `250 or 550, who knows: <${to}>` }
  },
  close: () => Promise.resolve(),
}

const names = ['ada', 'refused', 'later', 'uncertain']

/** Everything from articles to answers, an unsubscription too, for these readers; gives the lines that name one. */
async function walk(log: Log, lines: string[], readers: string[]): Promise<string[]> {
  const sample = await copySample()
  const config = await readConfig(sample.configFile, {})
  const opened = await openApp(config, log)
  const app: App = { ...opened, transport: server }
  try {
    const now = app.now()
    for (const name of readers) {
      const email = `${name}.moor@reader.example`
      const wish = {
        email,
        key: email,
        newsletterId: 'weekly',
        watermark: new Date(0),
        now,
        path: 'cli',
        evidence: 'asked',
      }
      await subscribe(app.db, { ...wish, by: 'operator' })
    }
    const round = await runDue(needsOf(app), { isEager: true })
    const [delivered] = round.deliver
    assert(delivered?.state === 'done')
    assert.equal(delivered.result.submitted, 1)
    assert.equal(delivered.result.refused, 1)
    await tell(app, doingsOf(round))
    const web = webOf(app)
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    await web.request('/subscribe', { ...form, body: 'email=eve.moor%40reader.example&newsletter=weekly' })
    await web.request('/unsubscribe/ada.moor@reader.example', form)
    await tell(app, [])
    for (const code of ['mail.refused', 'mail.uncertain']) assert(lines.some((line) => line.includes(code)))
    return lines.filter((line) => /moor/i.test(line))
  } finally {
    await opened.close()
    await sample.remove()
  }
}

describe('the log of a whole walk', () => {
  it('is told of no reader by address at info and above, whatever the servers answer', async () => {
    const lines: string[] = []
    // Not `openLog`, which hides what a call says too much.
    const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) })
    assert.deepEqual(await walk(log, lines, names), [])
  })

  it('names none either where an error brings one along', async () => {
    const lines: string[] = []
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString('utf8'))
        done()
      },
    })
    assert.deepEqual(await walk(openLog('info', false, stream), lines, [...names, 'broken']), [])
    assert(lines.some((line) => line.includes('socket closed while sending to <…@reader.example>')))
    assert(lines.every((line) => typeof JSON.parse(line) === 'object'))
  })
})
