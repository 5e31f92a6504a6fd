import assert from 'node:assert/strict'
import { parseHtml } from '../../src/articles/markup.ts'
import { openPage } from '../../src/articles/metadata/page.ts'
import { extract } from '../../src/articles/extract.ts'
import { lookAt, refuseWall, wallOf } from '../../src/articles/verdict.ts'
import { Failure } from '../../src/failures.ts'
import { type NotArticle } from '../../src/item.ts'

const URL = 'https://paper.example/2026/03/high-water-at-the-old-quay'

const page = (title: string, body: string, head = '') =>
  `<!doctype html><html><head><title>${title}</title>${head}</head><body>
  <nav><a href="/">Home</a><a href="/news">News</a><a href="/sport">Sport</a></nav>${body}
  <footer>© 2026 The Paper. <a href="/privacy">Privacy</a></footer></body></html>`

const wallOn = (html: string, url = URL) => lookAt(openPage(parseHtml(html, { keepData: true }), url), html).wall

const LONG =
  'The harbour master measured the water every hour through the night, and the figures he wrote down are higher than any in the old book. '
const STORY = `<p>${LONG.repeat(4)}</p>`.repeat(6)

/** By what they are, the headings of pages that say little else, in many languages. */
const HEADINGS: Partial<Record<NotArticle, string[]>> = {
  notFound: [
    'Page not found', '404', 'Error 404', '404 Not Found', 'Oops! That page can’t be found.', 'This page does not exist', 'Sorry, the page you were looking for could not be found', "We couldn't find that page", 'Nothing found', 'The article is no longer available',
    'Seite nicht gefunden', 'Die Seite wurde nicht gefunden', 'Fehler 404', 'Diese Seite existiert nicht', 'Page introuvable', 'La page n’existe plus', 'Erreur 404', 'Página no encontrada', 'La página no existe', 'Pagina non trovata', 'La pagina non esiste', 'Página não encontrada', 'Pagina niet gevonden', 'Sidan kunde inte hittas', 'Siden ble ikke funnet', 'Siden findes ikke', 'Sivua ei löytynyt', 'Nie znaleziono strony', 'Strona nie istnieje', 'Stránka nenalezena', 'Страница не найдена', 'Сторінку не знайдено', 'Sayfa bulunamadı', 'Az oldal nem található', 'Pagina nu a fost găsită', 'Η σελίδα δεν βρέθηκε', 'Halaman tidak ditemukan', 'Không tìm thấy trang', 'الصفحة غير موجودة', 'הדף לא נמצא', 'ページが見つかりません', 'お探しのページは見つかりませんでした', '页面不存在', '找不到页面', '페이지를 찾을 수 없습니다',
  ],
  robotCheck: [
    'Just a moment...', 'Attention Required!', 'Access Denied', 'Are you a robot?', 'Pardon Our Interruption', 'Security check', 'Verify you are human', 'Checking your browser before you go on', 'You have been blocked', 'Human verification', 'Nur einen Moment…', 'Un instant…', 'Un momento…', 'Een moment geduld…', 'Один момент…', 'しばらくお待ちください...', '请稍候…', '잠시만 기다리십시오…',
  ],
  error: [
    '500 Internal Server Error', '502 Bad Gateway', '503 Service Unavailable', 'Service Temporarily Unavailable', '403 Forbidden', 'Under maintenance', 'The site is down for maintenance', 'Something went wrong', 'Error establishing a database connection', 'Wartungsarbeiten', 'Site en maintenance', 'En mantenimiento', 'Технические работы', 'メンテナンス中',
  ],
  login: ['Log in', 'Sign in to continue', 'Please log in', 'Anmelden', 'Se connecter', 'Iniciar sesión', 'Inloggen', 'Logga in', 'Zaloguj się', 'Вход', 'ログイン', '登录', '로그인'],
  parked: ['This domain is for sale', 'paper.example is for sale', 'Welcome to nginx!', 'Index of /archive', 'Coming soon', 'Under construction', 'Diese Domain steht zum Verkauf', 'Domaine à vendre'],
  consent: ['Before you continue', 'We value your privacy', 'Bevor Sie fortfahren', 'Avant de continuer', 'Valoramos tu privacidad'],
} // prettier-ignore

const SMALL_PRINT = {
  notFound: '<p>Try the search, or go back to the front page.</p><ul><li><a href="/a">Ferry runs again</a></li></ul>',
  robotCheck: '<p>This takes a few seconds. Ray ID: 7f00</p>',
  error: '<p>Please try again in a few minutes.</p>',
  login: '<form><input type="text" name="user"><input type="password"><button>Go</button></form>',
  parked: '<p>Ask us about it.</p>',
  consent: `<p>We and our 743 partners store cookies on your device and use them for personalised advertising, to measure how it does, and to find out what readers want.</p><button>Accept all</button>`,
}

describe('verdict: what stands in place of an article', () => {
  for (const [reason, headings] of Object.entries(HEADINGS) as [keyof typeof SMALL_PRINT, string[]][]) {
    it(`tells ${reason} by the heading, in many languages`, () => {
      const missed = headings.filter((heading) => wallOn(page('The Paper', `<h1>${heading}</h1>${SMALL_PRINT[reason]}`)) !== reason) // prettier-ignore
      assert.deepEqual(missed, [])
    })

    it(`tells ${reason} by the page's title, beside the name of the site`, () => {
      const missed = headings.filter((heading) => wallOn(page(`${heading} | The Paper`, `<div>${SMALL_PRINT[reason]}</div>`)) !== reason) // prettier-ignore
      assert.deepEqual(missed, [])
    })

    it(`takes an article whose headline is one of those of ${reason} for an article`, () => {
      const head =
        '<meta property="og:type" content="article"><meta property="article:published_time" content="2026-03-14">'
      const wrong = headings.filter((heading) => wallOn(page(`${heading} | The Paper`, `<article><h1>${heading}</h1>${STORY}</article>`, head)) !== undefined) // prettier-ignore
      assert.deepEqual(wrong, [])
    })
  }

  const PAGES: { what: string; html: string; wall: NotArticle | undefined }[] = [
    {
      what: 'a challenge without a heading, by what it says',
      html: page('paper.example', '<div id="a"><p>Please enable JavaScript and cookies to continue</p></div>'),
      wall: 'robotCheck',
    },
    {
      what: 'a captcha in a frame and nothing else',
      html: '<html><head><title>paper.example</title></head><body><script src="https://c.captcha-delivery.com/c.js"></script><iframe></iframe></body></html>',
      wall: 'robotCheck',
    },
    {
      what: 'a soft 404 with teasers of what else there is',
      html: page(
        'Seite nicht gefunden – Die Zeitung',
        `<h1>Ups!</h1><p>Die gesuchte Seite konnte nicht gefunden werden.</p>${'<div><h3><a href="/x">Fähre fährt wieder</a></h3><p>Nach drei Wochen fährt die Fähre wieder über den Sund, sagt der Hafenmeister.</p></div>'.repeat(6)}`,
      ),
      wall: 'notFound',
    },
    {
      what: 'a text that members alone may read',
      html: page('High water - The Paper', '<h1>High water</h1><p>You must be logged in to read this.</p>'),
      wall: 'login',
    },
    {
      what: 'a blog post behind a password',
      html: page(
        'Protected: Minutes of May',
        '<h1>Protected: Minutes of May</h1><p>This content is password protected. To view it please enter your password below:</p><form><input type="password"></form>',
      ),
      wall: 'login',
    },
    {
      what: 'the empty frame of an application',
      html: '<html><head><title>The Paper</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script src="/main.js"></script></body></html>',
      wall: 'shell',
    },
    {
      what: 'an application that asks for script in its text',
      html: page('The Paper', '<div id="app">This site requires JavaScript.</div>'),
      wall: 'shell',
    },
    {
      what: 'an article beneath a consent notice',
      html: page('High water', `<div>${SMALL_PRINT.consent}</div><article><h1>High water</h1>${STORY}</article>`),
      wall: undefined,
    },
    {
      what: 'an article with a login form in its header',
      html: page('High water', `<h2>Log in</h2>${SMALL_PRINT.login}<article><h1>High water</h1>${STORY}</article>`),
      wall: undefined,
    },
    {
      what: 'an article about captchas',
      html: page(
        'Why “I am not a robot” annoys us | The Paper',
        `<article><h1>Why “I am not a robot” annoys us</h1><p>Prove that you are not a robot: who has not sighed at it?</p>${STORY}</article>`,
      ),
      wall: undefined,
    },
    {
      what: 'an article about pages that are not found',
      html: page(
        'The lost art of the 404 page | The Paper',
        `<h1>The lost art of the 404 page</h1><p>“Page not found”: nobody likes to read it.</p>${STORY}`,
      ),
      wall: undefined,
    },
    {
      what: 'a short note about a closed road, without any data',
      html: page(
        'Quay Street closed | The Paper',
        '<h1>Quay Street closed</h1><p>Until Friday, for the new pipes.</p>',
      ),
      wall: undefined,
    },
    {
      what: 'a short note about something for sale',
      html: page('Old mill for sale | The Paper', '<h1>Old mill for sale</h1><p>The town looks for a buyer.</p>'),
      wall: undefined,
    },
    {
      what: 'a photograph with a line below it',
      html: page(
        'The quay at dawn | The Paper',
        '<h1>The quay at dawn</h1><img src="/dawn.jpg" alt=""><p>Photo: A. Quay</p>',
      ),
      wall: undefined,
    },
    {
      what: 'a story whose frame has the id of an application',
      html: page('High water', `<div id="__next"><article><h1>High water</h1>${STORY}</article></div>`),
      wall: undefined,
    },
  ]
  for (const { what, html, wall } of PAGES)
    it(`${wall === undefined ? 'lets pass' : `calls ${wall}`}: ${what}`, () => assert.equal(wallOn(html), wall))
})

describe('verdict: other pages than articles', () => {
  const dated =
    '<meta property="og:type" content="article"><meta property="article:published_time" content="2026-03-14T08:00:00Z"><meta name="author" content="Ada Quay">'
  const cards = (count: number) =>
    Array.from({ length: count }, (_, at) => `<div class="card"><a href="/a/${at}"><img src="/${at}.jpg" alt=""><h3>The ${at}th thing that happened</h3></a></div>`).join('') // prettier-ignore
  const products = (count: number) =>
    Array.from({ length: count }, (_, at) => `<li class="product-card"><a href="/p/${at}"><img src="/${at}.jpg" alt=""><h3>Mug ${at}</h3></a><span class="price">$${at + 10}.00</span><button>Add to cart</button></li>`).join('') // prettier-ignore
  const posts = (count: number) =>
    Array.from({ length: count }, (_, at) => `<div class="post"><div class="postprofile">sailor${at}<br>Posts: 1${at}2<br>Joined: May 2020</div><div class="postbody"><p>${LONG}</p></div></div>`).join('') // prettier-ignore
  const PAGES: { what: string; url: string; html: string; isArticle: boolean }[] = [
    {
      what: 'a story with a byline and a date',
      url: URL,
      html: page('High water', `<article class="post-content"><h1>High water</h1>${STORY}</article>`, dated),
      isArticle: true,
    },
    {
      what: 'a Japanese story',
      url: 'https://paper.example/news/20260314',
      html: page('高潮、港を襲う', `<article><h1>高潮、港を襲う</h1>${`<p>${'港の責任者は一晩中、一時間ごとに水位を測り続けた。記録は過去のどの数字よりも高い。'.repeat(3)}</p>`.repeat(6)}</article>`, dated), // prettier-ignore
      isArticle: true,
    },
    {
      what: 'the front page of a paper',
      url: 'https://paper.example/',
      html: page('The Paper', `<main><h1>The Paper</h1>${cards(24)}</main>`),
      isArticle: false,
    },
    {
      what: 'a thread of a forum',
      url: 'https://sailors.example/forum/viewtopic.php?t=4711',
      html: page('Which rope?', `<h2>Which rope?</h2>${posts(9)}<a href="#">Reply with quote</a>`).replace('<body>', '<body id="phpbb">'), // prettier-ignore
      isArticle: false,
    },
    {
      what: 'a list of wares',
      url: 'https://shop.pottery.example/collections/mugs',
      html: page('Mugs', `<main><h1>Mugs</h1><p>Sort by price</p><ul class="product-grid">${products(16)}</ul></main>`),
      isArticle: false,
    },
    {
      what: 'a page of a manual',
      url: 'https://docs.rope.example/en/stable/reference/knots.html',
      html: page('knots', `<div class="rst-content"><h1>knots</h1><p>Edit this page</p>${`<pre>tie(rope: Rope)</pre><p>Returns: a knot. Parameters: the rope, and how it is held when it is tied by the reader of this.</p>`.repeat(8)}</div>`, '<meta name="generator" content="Sphinx 7">'), // prettier-ignore
      isArticle: false,
    },
  ]
  for (const { what, url, html, isArticle } of PAGES)
    it(`${isArticle ? 'is' : 'is not'} an article: ${what}`, () => {
      const { verdict } = extract(html, url)
      assert.equal(verdict?.isArticle, isArticle, JSON.stringify(verdict))
      assert.ok(verdict.confidence > 0.5 && verdict.confidence <= 1)
      assert.equal(wallOf(verdict), undefined)
    })

  it('finds nothing on an empty page, and takes one picture for something', () => {
    assert.equal(extract('', URL).verdict?.reason, 'empty')
    const photo = page('Dawn', '<article><h1>Dawn</h1><img src="/dawn.jpg" alt=""></article>')
    assert.notEqual(extract(photo, URL).verdict?.reason, 'empty')
  })

  it('believes the person who named the part of the page that is the article', () => {
    const html = page('Log in', '<h1>Log in</h1><form><input type="password"></form><div class="story">Short.</div>')
    assert.equal(wallOf(extract(html, URL).verdict), 'login')
    assert.deepEqual(extract(html, URL, { content: '.story' }).verdict, { isArticle: true, confidence: 1 })
  })

  it('refuses walls alone, and says whether the page may be another tomorrow', () => {
    const refused = (html: string) => {
      try {
        refuseWall(extract(html, URL), { url: URL })
        return undefined
      } catch (thrown) {
        return thrown instanceof Failure ? [thrown.code, thrown.retry, thrown.details['reason']] : thrown
      }
    }
    const asks = ['article.wall', true, 'it asks whether one is a robot']
    assert.deepEqual(refused(page('Just a moment...', '<p>Ray ID: 7f00</p>')), asks)
    const lost = ['article.notOne', false, 'it says that there is nothing at the address']
    assert.deepEqual(refused(page('Page not found', '<p>Try the search.</p>')), lost)
    assert.equal(refused(page('The Paper', `<main><h1>The Paper</h1>${cards(24)}</main>`)), undefined)
  })
})
