/** All tables by their names. Times are ISO-8601 UTC text, which sorts; lists are JSON text; names are snake_case in SQL. */
import type {
  SourceTable,
  ArticleTable,
  ArticleBandTable,
  ArticleChangeTable,
  ArticleCorrectionTable,
  PageCheckTable,
  ArticleAliasTable,
  ItemTable,
  ValidatorTable,
  UnusedMediaTable,
  MediaFileTable,
} from './tables/articles.ts'
import type {
  FeedStateTable,
  FeedEntryTable,
  FeedPageTable,
  HubTopicTable,
  HubSubscriptionTable,
  HubRequestTable,
} from './tables/feeds.ts'
import type {
  EditionTable,
  SubscriberTable,
  SubscriptionTable,
  ConsentEventTable,
  DeliveryTable,
  SigningKeyTable,
  ConfirmationTable,
  SignUpAttemptTable,
  DeliverySumTable,
} from './tables/newsletters.ts'
import type { LeaseTable, TickTable, AlertTable, FormerIdTable, CounterTable } from './tables/running.ts'

export interface Tables {
  source: SourceTable
  article: ArticleTable
  articleAlias: ArticleAliasTable
  articleBand: ArticleBandTable
  articleChange: ArticleChangeTable
  articleCorrection: ArticleCorrectionTable
  pageCheck: PageCheckTable
  item: ItemTable
  edition: EditionTable
  subscriber: SubscriberTable
  subscription: SubscriptionTable
  consentEvent: ConsentEventTable
  delivery: DeliveryTable
  signingKey: SigningKeyTable
  validator: ValidatorTable
  lease: LeaseTable
  tick: TickTable
  alert: AlertTable
  confirmation: ConfirmationTable
  signUpAttempt: SignUpAttemptTable
  deliverySum: DeliverySumTable
  unusedMedia: UnusedMediaTable
  formerId: FormerIdTable
  hubTopic: HubTopicTable
  hubSubscription: HubSubscriptionTable
  hubRequest: HubRequestTable
  counter: CounterTable
  feedState: FeedStateTable
  feedEntry: FeedEntryTable
  feedPage: FeedPageTable
  mediaFile: MediaFileTable
}
