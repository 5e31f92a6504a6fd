/** What the words of a short line say that it is, in the languages most met. */

export const TAIL_HEADING =
  /^(?:related|read (?:more|next|also)|more (?:from|on|in|about|stories|news|articles|posts)|you (?:may|might) also|recommended|see also:?$|share (?:this|on|your)|\d* ?(?:comments?|responses?|replies|thoughts on)\b.{0,60}$|leave a|about (?:the )?author|(?:post )?tags:?$|categories|most (?:read|popular|viewed)|popular|trending|latest|recent (?:posts|articles|news|comments)|similar|further reading|up next|subscribe|newsletter|sign up|join (?:the|our)|follow|get (?:the|our|in touch)|contact|disclaimer|references$|sources?:?$|post navigation|mehr zum thema|lesen sie auch|das könnte sie auch|auch interessant|weitere|ähnliche|neueste|verwandte|kommentare?|schreib|teilen|über den autor|über die autorin|à lire aussi|lire aussi|sur le même|articles? (?:similaires|liés)|commentaires?|partager|lee también|te puede interesar|artículos relacionados|comentarios?|compart|leggi anche|articoli correlati|lees ook|leia também|leia mais|relacionad|zobacz|czytaj|powiązane|komentarze|читайте|похожие|комментарии|関連|相关|推荐|评论)/i
export const DATE =
  /\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}:\d\d|(?:19|20)\d\d)\b|\d+年|\b(?:ago|yesterday|min(?:ute)?s? read)\b/i
export const BY = /^(?:by|von|par|por|di|door|av|af|przez|autor(?:in)?|text|written by|posted by|author)[\s:]/i
export const PHOTO =
  /^(?:photo|image|foto|bild|credit|picture|source|quelle|abb|fig)|©|\b(?:getty|reuters|shutterstock|unsplash|istock|pixabay|dpa|afp)\b|\bphoto(?:graph)?s? by\b/i
export const CALL =
  /newsletter|subscri|sign up|sign in|log in|register|abonn|anmelden|click here|learn more|contact us|download|buy now|shop now|get started|book (?:a|your)|free trial|donate|join (?:us|our|the)|follow (?:us|me|him|her)|like us|suscr|iscriv|free consultation|call us|enroll/i
export const COOKIES = /cookie|privacy|javascript|browser|ad ?block|consent|datenschutz|terms of (?:use|service)/i
export const WHO =
  /\b(?:is (?:a|an|the) |writes (?:about|for)|author of|freelance|founder|reporter|correspondent|journalist|editor|specializ|holds a|has been writing|lives in|ist (?:freie|redakteur|autor))/i
export const ADDRESS = /@[\w-]+\.\w|https?:|www\.|\+?\d[\d ()-]{7,}\d/
export const POINTER =
  /^(?:read|see|watch|listen|also|related|more|mehr|siehe|lesen|lire|voir|lee|ver|leggi|photos?|video|image|\[|»|>|→|▶)/i
export const LEGAL =
  /©|copyright|all rights reserved|alle rechte|tous droits|reproduc|disclaimer|affiliate|commission|sponsored|disclosure|originally (?:published|appeared)|this (?:article|story|post) (?:was|is|has|first)|terms/i
