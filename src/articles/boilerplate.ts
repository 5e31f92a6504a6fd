/** What sites print below every article: comment forms, sharing, subscribing. In saved text it is text like any other. */

/** Lines that begin a comment form, in several languages. All that follows belongs to it, if it is short. */
const FORM_HEADS = [
  /^leave (?:a|your) (?:reply|comment)\b/i,
  /^(?:post|add|write|submit) (?:a |your )?(?:reply|comment)\b/i,
  /^(?:join|start) the (?:conversation|discussion)\b/i,
  /^(?:your|an?) e-?mail address will not be (?:published|shared)/i,
  /^(?:schreiben? sie einen kommentar|schreibe einen kommentar|kommentar (?:schreiben|verfassen|hinterlassen)|hinterlasse eine antwort|antwort hinterlassen)\b/i,
  /^deine e-?mail-adresse wird nicht veröffentlicht/i,
  /^(?:laisser un commentaire|ajouter un commentaire|laissez un commentaire|répondre annuler)/i,
  /^votre adresse (?:e-?mail|de messagerie) ne sera pas publiée/i,
  /^(?:deja|dejar) (?:una respuesta|un comentario|tu comentario)\b|^(?:añadir|agregar|escribe un) comentario/i,
  /^tu dirección de correo electrónico no será publicada/i,
  /^(?:lascia un commento|lascia una risposta|scrivi un commento)|^il tuo indirizzo e-?mail non sarà pubblicato/i,
  /^(?:deixe um comentário|deixe uma resposta|deixar um comentário)|^o seu endereço de e-?mail não será publicado/i,
  /^(?:geef een reactie|laat een reactie achter|plaats een reactie)|^je e-?mailadres wordt niet gepubliceerd/i,
  /^(?:lämna ett svar|kommentera|lämna en kommentar)$|^(?:legg igjen en kommentar|skriv en kommentar|læg en kommentar)/i,
  /^(?:dodaj komentarz|napisz komentarz)|^twój adres e-?mail nie zostanie opublikowany/i,
  /^(?:добавить комментарий|оставить комментарий)|^コメントを残す|^发表(?:评论|回复)|^댓글 남기기/i,
]

/** Lines that are never part of an article where they stand at its end. */
const LAST_LINES = [
  ...FORM_HEADS,
  /required fields are marked|erforderliche felder sind mit|champs obligatoires sont indiqués|campos obligatorios están marcados|campi obbligatori sono contrassegnati|campos obrigatórios são marcados|vereiste velden zijn gemarkeerd|wymagane pola są oznaczone/i,
  /^(?:name|e-?mail|website|comment|nom|nombre|correo electrónico|kommentar|commentaire|comentario|site web)(?: ?\*)?:?$/i,
  /^save my name,? e-?mail|^meinen namen, meine e-?mail|^enregistrer mon nom|^guarda mi nombre/i,
  /^(?:post|submit|cancel|send) (?:comment|reply)$|^(?:submit|absenden|senden|envoyer|enviar|invia)$/i,
  /^this site uses akismet|^learn how your comment data is processed|^notify me of (?:new|follow)/i,
  /^\d+ (?:comments?|replies|kommentare?|commentaires?|comentarios?|reacties?)$|^(?:no comments|keine kommentare|comments?|kommentare|commentaires|comentarios|comments are closed)\.?$/i,
  /^share (?:this|on|via)\b[^.]{0,60}$|^share:?$|^(?:teilen|partager|compartir|condividi|delen|dela|tweet|pin it|like this|facebook|twitter|x|whatsapp|linkedin|e-?mail|print|reddit|telegram|pinterest|copy link)(?: ?[:!])?$/i,
  /^click to (?:share|print|email)|^(?:like|loading)(?: this)?:?\s*(?:loading)?\.*$/i,
  /^(?:diesen )?(?:artikel|beitrag) teilen.{0,30}$|^partagez? (?:cet article|sur).{0,40}$|^comparte (?:esto|este).{0,40}$/i,
  /^(?:subscribe|sign up|register)\b.{0,80}\b(?:newsletters?|e-?mails?|updates|inbox|channel)\b.{0,60}$|^(?:subscribe|sign up)(?: now| today)?!?$|^(?:newsletter abonnieren|jetzt abonnieren|abonnieren sie).{0,80}$|^(?:abonnez-vous|inscrivez-vous|suscríbete|iscriviti|inscreva-se|schrijf je in).{0,100}$/i,
  /^(?:follow us|folgen sie uns|suivez-nous|síguenos|seguici|volg ons)\b[^.]{0,80}$/i,
  /^(?:related|related (?:posts?|articles?|stories)|read more|more from|you (?:may|might) also like|recommended(?: for you)?|mehr zum thema|lesen sie auch|à lire aussi|lire aussi|lee también|leggi anche|leia também|lees ook)\b[^.!?]{0,40}$/i,
  /^(?:filed under|posted in|tagged(?: with)?|tags?|categories|schlagwörter|étiquettes|etiquetas)\s*:.{0,200}$/i,
  /^(?:previous|next)(?: (?:post|article|story|entry))?(?:\s*[:→»].{0,120})?$|^[←→]\s?.{0,120}$/i,
  /^(?:©|copyright\b|\(c\)).{0,120}$|^all rights reserved\.?$/i,
  /^advertisement$|^(?:anzeige|werbung|publicité|publicidad|pubblicità)$/i,
]

// One pattern is tried much faster than forty.
const FORM_HEAD = oneOf(FORM_HEADS)
const LAST_LINE = oneOf(LAST_LINES)

function oneOf(patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'i')
}

/**
 * The blocks, each a list of lines, without the boilerplate at their end. A comment form ends the article where no real
 * text follows it; other lines go one by one from the end, so that the same words within an article stay.
 */
export function dropBoilerplate(blocks: string[][]): string[][] {
  const half = Math.floor(blocks.length / 2)
  const form = blocks.findIndex((block, index) => index > 0 && index >= half && startsForm(block))
  const kept = form > 0 && !goesOn(blocks.slice(form + 1)) ? blocks.slice(0, form) : [...blocks]
  while (kept.length > 1) {
    const last = kept.at(-1) ?? []
    const lines = [...last]
    while (lines.length > 0 && isClosingLine(lines.at(-1) ?? '')) lines.pop()
    if (lines.length === last.length) break
    kept.pop()
    if (lines.length > 0) kept.push(lines)
  }
  return kept
}

function startsForm(block: string[]): boolean {
  return isFormHead(block[0]?.trim() ?? '')
}

/** Whether a line begins a comment form. */
export function isFormHead(line: string): boolean {
  return line.length < 120 && FORM_HEAD.test(line)
}

/** Whether a line is one of those that sites print below every article. */
export function isClosingLine(line: string): boolean {
  const even = line.trim()
  return even.length < 240 && LAST_LINE.test(even)
}

/** Whether what follows the head of a form is an article again: a paragraph that is none of the form's. */
function goesOn(rest: string[][]): boolean {
  return rest.some((block) => block.some((line) => line.length > 240 && !isClosingLine(line)))
}
