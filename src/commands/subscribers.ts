/** `subscribers`: the list, from the command line. */
import { type Command } from 'commander'
import { type App } from '../app.ts'
import { type Run } from '../cli.ts'
import { type Config } from '../config.ts'
import { Failure } from '../failures.ts'
import { type Newsletter } from '../model.ts'
import { startingPoint } from '../store/audiences.ts'
import { endSubscription, findSubscriber, listSubscriptions, subscribe } from '../store/subscribers.ts'
import { parseAddress } from '../subscribers/address.ts'
import { columns } from '../terminal.ts'

interface Options {
  newsletter?: string
  evidence?: string
}

export function register(program: Command, run: Run): void {
  const subscribers = program.command('subscribers').description('the list: add, list, remove')

  subscribers
    .command('list')
    .description('who gets what, and since when')
    .option('--newsletter <id>', 'only this newsletter')
    .action(
      run((call, { newsletter }: Options) =>
        call.withApp(async ({ config, db }) => {
          const filter = newsletter === undefined ? {} : { newsletterId: named(config, newsletter).id }
          const rows = await listSubscriptions(db, filter)
          const list = rows.map(({ subscriber, subscription }) => ({ email: subscriber.email, ...subscription }))
          const text =
            list.length === 0
              ? 'Nobody yet. Add the first: broadsheet subscribers add name@host.example'
              : columns(
                  list.map(({ email, newsletterId, state, since, reason }) => [
                    email,
                    newsletterId,
                    reason === undefined ? state : `${state} (${reason})`,
                    `since ${since.toISOString().slice(0, 10)}`,
                  ]),
                )
          return { json: { subscriptions: list }, text, exit: 0 }
        }),
      ),
    )

  subscribers
    .command('add')
    .description('add someone who asked you for it; people who left are never added again')
    .argument('<address>')
    .option('--newsletter <id>', 'which newsletter (not needed when there is one)')
    .option('--evidence <text>', 'how they asked: kept with the subscription', 'added by the operator')
    .action(
      run((call, address: string, { newsletter, evidence }: Options) =>
        call.withApp(async ({ config, db, now }) => {
          const chosen = named(config, newsletter)
          const { subscriber, subscription, changed } = await subscribe(db, {
            ...parseAddress(address),
            newsletterId: chosen.id,
            watermark: await startingPoint(db, chosen, now()),
            now: now(),
            by: 'operator',
            path: 'cli',
            evidence: evidence ?? '',
          })
          const text = changed
            ? `${subscriber.email} now gets ${chosen.title}.`
            : `${subscriber.email} already gets ${chosen.title}.`
          return { json: { subscriber, subscription, changed }, text, exit: 0 }
        }),
      ),
    )

  subscribers
    .command('remove')
    .description('end a subscription at once; the reader stays gone')
    .argument('<address>')
    .option('--newsletter <id>', 'only this newsletter (default: all of them)')
    .action(
      run((call, address: string, { newsletter }: Options) =>
        call.withApp(async (app) => {
          const ended = await remove(app, address, newsletter)
          const text =
            ended.length === 0 ? `${address} gets nothing as it is.` : `${address} no longer gets: ${ended.join(', ')}.`
          return { json: { address, ended }, text, exit: 0 }
        }),
      ),
    )
}

async function remove({ config, db, now }: App, address: string, newsletter?: string): Promise<string[]> {
  const subscriber = await findSubscriber(db, parseAddress(address))
  if (subscriber === undefined) throw new Failure('subscriber.unknown', { address })
  const only = newsletter === undefined ? undefined : named(config, newsletter).id
  const ended: string[] = []
  for (const { subscription } of await listSubscriptions(db, {})) {
    if (subscription.subscriberId !== subscriber.id) continue
    const { newsletterId } = subscription
    if (only !== undefined && newsletterId !== only) continue
    const did = await endSubscription(db, {
      subscriberId: subscriber.id,
      newsletterId,
      now: now(),
      reason: 'removed',
      path: 'cli',
      evidence: 'removed by the operator',
    })
    if (did) ended.push(newsletterId)
  }
  return ended
}

function named({ newsletters }: Config, id: string | undefined): Newsletter {
  const ids = newsletters.map((newsletter) => newsletter.id).join(', ')
  const found =
    id === undefined && newsletters.length === 1 ? newsletters[0] : newsletters.find((each) => each.id === id)
  if (found !== undefined) return found
  if (newsletters.length === 0) throw new Failure('usage.unknown', { newsletters: 'none is configured' })
  if (id === undefined) throw new Failure('usage.wrong', { missing: '--newsletter ID', newsletters: ids })
  throw new Failure('usage.unknown', { newsletter: id, newsletters: ids })
}
