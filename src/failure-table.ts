/** Every way to fail: what it means, what a person can do about it, and whether trying again may help. */

export interface Kind {
  /** Whether doing the same again later may succeed. */
  retry: boolean
  says: string
  /** What a person can do about it. */
  next: string
}

export const FAILURES = {
  'config.missing': {
    retry: false,
    says: 'there is no config file',
    next: 'write a broadsheet.yaml, or name one with --config FILE',
  },
  'config.invalid': {
    retry: false,
    says: 'the config has faults',
    next: 'mend the lines named above; docs/config.md describes every key',
  },
  'usage.wrong': { retry: false, says: 'the command was not understood', next: 'see broadsheet --help' },
  'usage.exists': {
    retry: false,
    says: 'there is a file of that name already',
    next: 'name another file, or replace this one with --force',
  },
  'usage.unknown': {
    retry: false,
    says: 'nothing of that name is in the config',
    next: 'see the ids in broadsheet.yaml',
  },
  'file.unreadable': {
    retry: true,
    says: 'the file cannot be read',
    next: 'check that it exists and that this user may read it',
  },
  'file.tooLarge': {
    retry: false,
    says: 'the file is larger than an article can be',
    next: 'an article file may have 5 MB; move pictures out of it, or exclude it',
  },
  'file.notText': {
    retry: false,
    says: 'the file is not text, whatever its name says',
    next: 'save it as UTF-8 text, or move it out of the folder',
  },
  'file.outside': {
    retry: false,
    says: 'the link leads out of the folder and is not followed',
    next: 'put the file itself into the folder',
  },
  'file.sameAddress': {
    retry: false,
    says: 'another file of the folder already has this address',
    next: 'rename one of the two, or exclude it',
  },
  'media.unusable': {
    retry: false,
    says: 'the picture cannot be shown and was left out',
    next: 'save it as JPEG, PNG, GIF, WebP or AVIF',
  },
  'media.missing': {
    retry: false,
    says: 'the article names a picture that is not in the folder, and is shown without it',
    next: 'put the picture there, as JPEG, PNG, GIF, WebP or AVIF, or correct its name',
  },
  'media.unserved': {
    retry: false,
    says: 'the article names a recording that is nowhere on the web, and is shown without it',
    next: 'write its whole address, or give the source the `url` of the site that shows the folder: recordings are not copied',
  },
  'media.tooLarge': {
    retry: false,
    says: 'the picture is too large and was left out',
    next: 'a picture may have 20 MB; save it smaller',
  },
  'folder.missing': {
    retry: true,
    says: 'the folder does not exist',
    next: 'create it, or correct the path of the source in broadsheet.yaml',
  },
  'article.empty': {
    retry: false,
    says: 'no article was found in it',
    next: 'give it a title and at least a paragraph of text',
  },
  'article.unknown': {
    retry: false,
    says: 'that names no article, or more than one',
    next: 'see broadsheet articles list; an article is named by any address that it ever had, or by the beginning of its id',
  },
  'article.wall': {
    retry: true,
    says: 'the site shows a page of its own where the article should be',
    next: 'open the address in a browser; where robots, strangers or this moment are not let in, ask the site, or use its feed without `fullText`',
  },
  'article.notOne': {
    retry: false,
    says: 'the page is no article',
    next: 'open the address in a browser; leave such addresses out with `exclude`, and read pages that need script with kind: browser',
  },
  'article.partial': {
    retry: true,
    says: 'the article stands on several pages, and not all of them could be read; it is marked as not whole',
    next: 'nothing; its pages are looked at again by themselves. If one is never there, open it in a browser',
  },
  'article.sameAddress': {
    retry: false,
    says: 'another article of the source gives itself the same address or guid, and this one was left out',
    next: 'correct the address or guid that one of the two names',
  },
  'article.failed': {
    retry: false,
    says: 'the article could not be read',
    next: 'this is a fault of Broadsheet; please report it with the article',
  },
  'reading.tooHard': {
    retry: false,
    says: 'reading it takes more time, memory or depth than anything may take, and was ended',
    next: 'leave it out with `exclude`; if it is an ordinary page or feed, please report its address',
  },
  'source.failed': {
    retry: true,
    says: 'the collection broke off; what was saved until then is kept',
    next: 'read the reason, then collect again',
  },
  'source.notFeed': {
    retry: true,
    says: 'there is no feed at the address; what is published stays as it is',
    next: 'open the address in a browser; broadsheet inspect URL finds the feeds of a site',
  },
  'source.moved': {
    retry: true,
    says: 'the site says again and again that the address of the source has moved for good; it is read where it is now',
    next: 'write the new address into broadsheet.yaml',
  },
  'source.empty': {
    retry: true,
    says: 'the page was read, but there is no article where its articles are listed; what is published stays as it is',
    next: 'look at the page: it may be empty for now; or compare the selectors with it',
  },
  'source.changed': {
    retry: true,
    says: 'the page was read, but its list of articles is gone, and no other list on it is known to be the same; what is published stays as it is',
    next: 'the site was redesigned: broadsheet inspect URL shows what stands there now',
  },
  'source.elsewhere': {
    retry: false,
    says: 'the source no longer has its articles where they were read; they were found again elsewhere on its site, by those that are known',
    next: 'compare the two places; to settle it, name the right one in the config (kind: rss, wordpress or sitemap)',
  },
  'source.repaired': {
    retry: false,
    says: 'the list of articles stood elsewhere on the page than before; it was found again by the articles that are known',
    next: 'compare the two selectors; where the config names one, replace it',
  },
  'source.unusual': {
    retry: false,
    says: 'the source gives something else than it usually does; it was collected all the same',
    next: 'look at the page and at what broadsheet sources test shows of it',
  },
  'source.notSitemap': {
    retry: true,
    says: 'there is no sitemap at the address; what is published stays as it is',
    next: 'open the address in a browser; broadsheet inspect URL finds the sitemaps of a site',
  },
  'source.notWordpress': {
    retry: true,
    says: 'the site has no WordPress API that can be read; what is published stays as it is',
    next: 'name its feed (kind: rss) or its sitemap instead, which broadsheet inspect URL finds; for a site of your own, headers can hold a login',
  },
  'source.notJson': {
    retry: true,
    says: 'the API does not answer with what the paths of the source say; what is published stays as it is',
    next: 'open the address in a browser and compare its answer with the paths in broadsheet.yaml',
  },
  'browser.missing': {
    retry: false,
    says: 'a source needs a browser, and there is none',
    next: 'install Chromium (apt install chromium) or name its path as fetch.browser; npm i playwright-core, if that is what is missing',
  },
  'browser.failed': {
    retry: true,
    says: 'the browser could not show the page',
    next: 'read the reason; broadsheet doctor says whether the browser starts at all',
  },
  'browser.waited': {
    retry: true,
    says: 'what the source waits for did not appear on the page; what is published stays as it is',
    next: 'the site may have been redesigned: compare waitFor with the page in a browser',
  },
  'recording.missing': {
    retry: false,
    says: 'there is no recording of the source',
    next: 'broadsheet sources record SOURCE makes one',
  },
  'recording.lacks': {
    retry: false,
    says: 'the recording holds no answer for the address',
    next: 'the source asks for something else than when it was recorded: record it again',
  },
  'recording.broken': {
    retry: false,
    says: 'the recording cannot be read',
    next: 'read the reason; broadsheet sources record SOURCE makes it anew',
  },
  'source.module': {
    retry: false,
    says: 'the module of the source does not do what a source must',
    next: 'mend the module; docs/sources.md shows one that works',
  },
  'source.item': {
    retry: false,
    says: 'an item of the source cannot be used and was left out',
    next: 'the site has to mend it; everything else of the source was collected',
  },
  'init.exists': {
    retry: false,
    says: 'there is a config already, and it is never replaced',
    next: 'name another folder: broadsheet init URL DIR',
  },
  'init.noFeed': {
    retry: false,
    says: 'the site has no feed, linked or at the usual places, no list of articles on the page, no API and no sitemap',
    next: 'if you know the address of its feed, give that one; else write a source of kind page, with selectors (docs/sources.md)',
  },
  'http.address': {
    retry: false,
    says: 'the address cannot be read',
    next: 'write an address that begins with https:// or http:// and holds no name or password',
  },
  'http.private': {
    retry: false,
    says: 'the address leads into a private network and is not read',
    next: 'if it is meant, add its HOST:PORT to fetch.allow in broadsheet.yaml',
  },
  'http.resolve': {
    retry: true,
    says: 'the host name has no address',
    next: 'check its spelling, and that this machine can look up names',
  },
  'http.connect': {
    retry: true,
    says: 'the connection to the server failed',
    next: 'read the reason; a certificate is for its owner to mend, everything else often passes',
  },
  'http.timeout': {
    retry: true,
    says: 'the site did not answer in time',
    next: 'wait; a site that is always so slow may need a longer fetch.timeout',
  },
  'http.status': {
    retry: true,
    says: 'the server answered with an error',
    next: 'open the address in a browser; 401 and 403 mean that the site wants a login or no robots',
  },
  'http.missing': {
    retry: true,
    says: 'there is nothing at the address',
    next: 'open the site in a browser and find where it moved',
  },
  'http.gone': {
    retry: false,
    says: 'the site says that the address is gone for good',
    next: 'remove it from broadsheet.yaml, or name its new address',
  },
  'http.later': {
    retry: true,
    says: 'the site asks to be left alone for a while',
    next: 'wait until the time named; a longer schedule asks less often',
  },
  'http.redirect': {
    retry: true,
    says: 'the redirect is not followed',
    next: 'open the address in a browser and write down where it ends',
  },
  'http.tooLarge': {
    retry: true,
    says: 'the answer is larger than it may be',
    next: 'name a smaller page or feed',
  },
  'http.robots': {
    retry: false,
    says: 'the site asks robots not to read this address',
    next: 'ask the site; if it is your own, give the source ignoreRobots: true',
  },
  'http.robotsUnread': {
    retry: true,
    says: 'the robots.txt of the site cannot be read, and until it can nothing there is',
    next: 'wait; if the site is your own, mend its robots.txt, or give the source ignoreRobots: true',
  },
  'http.encoding': {
    retry: true,
    says: 'the answer cannot be unpacked',
    next: 'wait; if it stays, the server compresses its answers wrongly',
  },
  'http.stopped': {
    retry: true,
    says: 'Broadsheet was stopped before the address was read',
    next: 'start it again',
  },
  'frontMatter.invalid': {
    retry: false,
    says: 'the front matter cannot be used',
    next: 'correct the line named; docs/sources.md lists the keys of front matter',
  },
  'database.unusable': {
    retry: true,
    says: 'the database cannot be used',
    next: 'check the path, its permissions and the free space',
  },
  'database.newer': {
    retry: false,
    says: 'the database was written by a newer Broadsheet',
    next: 'install that version or a newer one, or name another database',
  },
  'disk.write': {
    retry: true,
    says: 'the file could not be written; what was there before is still there',
    next: 'check free space and permissions, then run the command again',
  },
  'disk.low': {
    retry: true,
    says: 'the disk is nearly full',
    next: 'make room: remove what is not needed, keep less (`retention` in broadsheet.yaml), or get a larger disk',
  },
  'disk.full': {
    retry: true,
    says: 'the disk is full, and this could not be written; what was there before is still there',
    next: 'make room, then run the command again: it goes on where it stopped',
  },
  'disk.unknown': {
    retry: true,
    says: 'how much room the disk has could not be seen',
    next: 'check the path and its permissions',
  },
  'disk.remove': {
    retry: true,
    says: 'a file that is no longer needed could not be removed',
    next: 'check its permissions and those of its folder, or remove it yourself',
  },
  'upkeep.failed': {
    retry: true,
    says: 'a part of the nightly upkeep broke off; the next night tries again',
    next: 'read the reason; if it is a fault of Broadsheet, please report it',
  },
  'backup.failed': {
    retry: true,
    says: 'the copy of the database could not be made; there is none, or the old one is still there',
    next: 'check the path, its permissions and the free space',
  },
  'backup.faulty': {
    retry: true,
    says: 'the copy of the database did not pass its check and was removed',
    next: 'check the disk, then the database: broadsheet doctor',
  },
  'feed.invalid': {
    retry: false,
    says: 'the rendered feed did not pass its check; the last good one stays in place',
    next: 'this is a fault of Broadsheet; please report it with the article named',
  },
  'feed.item': {
    retry: false,
    says: 'an article cannot be shown in a feed and was left out',
    next: 'correct the article at its source',
  },
  'template.missing': {
    retry: false,
    says: 'there is no such template',
    next: 'put the file into templates/, or name a built-in one',
  },
  'template.invalid': {
    retry: false,
    says: 'the template cannot be rendered',
    next: 'correct the line named; docs/templates.md lists what a template is given',
  },
  'edition.incomplete': {
    retry: false,
    says: 'the edition lacks what every mail must carry and is held back',
    next: 'set site.address, and keep the footer partial in the template',
  },
  'edition.unusual': {
    retry: false,
    says: 'the edition is unusually large and waits for an editor',
    next: 'look at it with broadsheet editions show, then let it go with editions approve, or editions cancel',
  },
  'edition.approval': {
    retry: false,
    says: 'the edition waits for an editor',
    next: 'look at it with broadsheet editions show, then let it go with editions approve, or editions cancel',
  },
  'edition.unknown': {
    retry: false,
    says: 'that names no edition, or more than one',
    next: 'see broadsheet editions list; an edition is named as daily/7, or by the beginning of its id',
  },
  'edition.state': {
    retry: false,
    says: 'the edition is in no state for that',
    next: 'see broadsheet editions show',
  },
  'edition.certain': {
    retry: false,
    says: 'the edition has no uncertain delivery to this address',
    next: 'see broadsheet editions show; only what is uncertain can be reconciled',
  },
  'edition.failed': {
    retry: true,
    says: 'the edition could not be composed',
    next: 'read the reason; if it is a fault of Broadsheet, please report it',
  },
  'edition.empty': {
    retry: true,
    says: 'there is no article that the newsletter could show',
    next: 'run broadsheet collect first, or widen what stands under `where`',
  },
  'mail.sender': {
    retry: false,
    says: 'the sender of the newsletter is not one address',
    next: 'write it as `from: Name <name@host.example>` in broadsheet.yaml',
  },
  'mail.header': {
    retry: false,
    says: 'a header of the message cannot be written',
    next: 'this is a fault of Broadsheet; please report it with the header named',
  },
  'edition.faulty': {
    retry: false,
    says: 'the edition breaks a rule for mails and is held back',
    next: 'correct the template, or choose fewer articles; broadsheet preview shows the edition',
  },
  'mail.later': {
    retry: true,
    says: 'the message could not be handed over yet',
    next: 'it stays due and is tried again by the next deliver',
  },
  'mail.refused': {
    retry: false,
    says: 'the server refused the message',
    next: 'read its reply; the address may be wrong',
  },
  'mail.transport': {
    retry: true,
    says: 'the mail server cannot be used; what it had no part in stays due',
    next: 'read its words and check `mail.transports`; broadsheet doctor tries each server',
  },
  'mail.uncertain': {
    retry: false,
    says: 'nobody knows whether the message went out; it is not repeated',
    next: 'look into the mailbox or the server log for its Message-ID',
  },
  'subscriber.address': {
    retry: false,
    says: 'that is not an e-mail address',
    next: 'write it as name@host.example',
  },
  'subscriber.unknown': {
    retry: false,
    says: 'nobody of that address is on the list',
    next: 'see broadsheet subscribers list',
  },
  'subscriber.left': {
    retry: false,
    says: 'this reader left the newsletter, and only they can come back',
    next: 'ask them to sign up again themselves',
  },
  'signUp.unsent': {
    retry: false,
    says: 'a confirmation mail was given up',
    next: 'the reader has to ask again; broadsheet doctor looks at the mail server',
  },
  'token.invalid': {
    retry: false,
    says: 'the link is not one of ours',
    next: 'open it as it stands in the mail, whole',
  },
  'alert.webhook': {
    retry: true,
    says: 'the webhook did not take the alert; it is told again after the next run',
    next: 'check `alerts.webhook` in broadsheet.yaml, and that its server answers a POST of JSON with 2xx',
  },
  'alert.mail': {
    retry: true,
    says: 'the mail with the alert could not be handed over; it is told again after the next run',
    next: 'check `alerts.mail` and `mail.transports` in broadsheet.yaml; a webhook works when no mail does',
  },
  'alert.heartbeat': {
    retry: true,
    says: 'the sign of life could not be given; the next good run gives it again',
    next: 'check `alerts.heartbeat` in broadsheet.yaml, and that its server answers a GET with 2xx',
  },
  'hub.ping': {
    retry: true,
    says: 'the hub could not be told that a feed changed; it is told again, and until then its subscribers wait',
    next: 'check `publish.hub` in broadsheet.yaml, and that the hub takes a POST with hub.mode=publish',
  },
  'job.failed': {
    retry: true,
    says: 'a job broke off; the others went on',
    next: 'read the reason; it is tried again by itself, and if it is a fault of Broadsheet, please report it',
  },
  'web.page': {
    retry: true,
    says: 'a page could not be shown',
    next: 'read the cause beside it in the log; if it is a fault of Broadsheet, please report it',
  },
  'web.port': {
    retry: true,
    says: 'the address cannot be listened on',
    next: 'stop what uses it, or change server.listen in broadsheet.yaml',
  },
} as const satisfies Record<string, Kind>
