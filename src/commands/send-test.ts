/** `send-test NEWSLETTER --to ADDRESS`: the next edition as a mail to one address, for its looks and for the mail server. */
import { type Command } from 'commander'
import { type App } from '../app.ts'
import { type Result, type Run } from '../cli.ts'
import { previewNext } from '../compose.ts'
import { parseAddress } from '../subscribers/address.ts'
import { count, showReport } from '../terminal.ts'

export function register(program: Command, run: Run): void {
  program
    .command('send-test')
    .argument('<newsletter>')
    .requiredOption('--to <address>', 'who gets it; they need not be a reader, and do not become one')
    .description('send the next edition to one address, marked as a test, without counting it as sent')
    .action(
      run((call, newsletterId: string, { to }: { to: string }) =>
        call.withApp((app) => sendTest(app, newsletterId, parseAddress(to).email)),
      ),
    )
}

async function sendTest(app: App, newsletterId: string, to: string): Promise<Result> {
  const { config, transport } = app
  const { site, addresses, newsletters, feeds } = config
  const id = `test-${newsletterId}-${app.now().getTime()}`
  const { message, articles } = await previewNext({ ...app, site, addresses, newsletters, feeds }, newsletterId, {
    to,
    id,
  })
  const outcome = await transport.send(message)
  const faults = transport.takeFaults?.() ?? []
  const isSubmitted = outcome.kind === 'submitted'
  const verdict = {
    submitted: `“${message.subject}”, ${count(articles, 'article')}, was handed over for ${to}.`,
    refused: `The mail for ${to} was refused.`,
    later: `The mail for ${to} was not taken now. It is not tried again: send another test later.`,
    uncertain: `Nobody knows whether the mail for ${to} went out: the connection was lost over it.`,
  }[outcome.kind]
  const text = [
    verdict,
    `  ${transport.id} said: ${outcome.reply}`,
    `  Message-ID: ${message.messageId}`,
    ...faults.map((fault) => `\n${showReport(fault)}`),
  ].join('\n')
  const { subject, messageId } = message
  return { json: { to, subject, messageId, articles, outcome, faults }, text, exit: isSubmitted ? 0 : 1 }
}
