import assert from 'node:assert/strict'
import { decide } from '../../../src/articles/metadata/claim.ts'
import { claimTitle, isSameTitle } from '../../../src/articles/metadata/title.ts'
import { open, TEXT } from './open.ts'

const title = (body: string, head = '', url?: string) => decide(claimTitle(open(body, head, url)), isSameTitle)?.value
const og = (text: string) => `<meta property="og:title" content="${text}">`
const site = '<meta property="og:site_name" content="The Harbour Gazette">'

describe('the title', () => {
  const cases: [what: string, body: string, head: string, expected: string][] = [
    ['is the headline that a reader sees, not what is written for search engines', `<h1>Wall to rise by a metre</h1>${TEXT}`, og('Harbour wall height 2026: all you need to know about the wall'), 'Wall to rise by a metre'],
    ['is none that is a link to the front page', `<h1><a href="/">Gazette</a></h1><h2>Wall to rise</h2>${TEXT}`, og('Wall to rise'), 'Wall to rise'],
    ['is none in an element called logo', `<div class="site-logo"><h1>All the news there is</h1></div><h2>Wall to rise</h2>${TEXT}`, og('Wall to rise'), 'Wall to rise'],
    ['loses the name of the site at its end', TEXT, `<title>Wall to rise - The Harbour Gazette</title>${site}`, 'Wall to rise'],
    ['loses the name of the site at its beginning', TEXT, `<title>The Harbour Gazette: Wall to rise</title>${site}`, 'The Harbour Gazette: Wall to rise'],
    ['loses the name that only the address tells', TEXT, '<title>Wall to rise – Gazette</title>', 'Wall to rise'],
    ['loses section and site where a headline tells how far it goes', `<h2>Wall to rise</h2>${TEXT}`, '<title>Wall to rise | Council | News of the Bay</title>', 'Wall to rise'],
    ['keeps a dash that is its own', `<h1>Wall to rise – by a metre</h1>${TEXT}`, og('Wall to rise – by a metre'), 'Wall to rise – by a metre'],
    ['leaves the kicker that stands in the headline', `<h1><span>Floods</span> Wall to rise by a metre</h1>${TEXT}`, og('Wall to rise by a metre'), 'Wall to rise by a metre'],
    ['leaves a label before it', `<h1>Blog: Wall to rise by a metre</h1>${TEXT}`, `<title>Wall to rise by a metre</title>${og('Wall to rise by a metre')}`, 'Wall to rise by a metre'],
    ['is whole where another place cuts it', TEXT, `${og('Wall to rise by a metre before the winter of next year')}<meta name="title" content="Wall to rise by a metre before the…">`, 'Wall to rise by a metre before the winter of next year'],
    ['is decoded where it was escaped twice', TEXT, og('Boats &amp;amp; ships &amp;#8211; a list'), 'Boats & ships – a list'],
    ['has no soft hyphens', `<h1>Hafen&shy;mauer wird er&shy;höht</h1>${TEXT}`, og('Hafenmauer wird erhöht'), 'Hafenmauer wird erhöht'],
    ['is found in Chinese', `<h1>港口防波堤将加高一米</h1>${TEXT}`, '<title>港口防波堤将加高一米_海港日报</title>', '港口防波堤将加高一米'],
    ['is found in Arabic', `<h1>رفع جدار الميناء متراً واحداً</h1>${TEXT}`, og('رفع جدار الميناء متراً واحداً | جريدة الميناء'), 'رفع جدار الميناء متراً واحداً'],
    ['is the headline among those of other articles', `<h1>Wall to rise by a metre</h1>${TEXT}<h1>Ferry late again</h1><h1>Whale seen</h1>`, og('Wall to rise'), 'Wall to rise by a metre'],
  ] // prettier-ignore
  for (const [what, body, head, expected] of cases) {
    it(what, () => assert.equal(title(body, head), expected))
  }

  it('is nothing on a page that has none', () => assert.equal(title(TEXT), undefined))
})
