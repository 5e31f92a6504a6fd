/** The mail's own words, by language; a paper in any other language gets English ones. */

export interface Words {
  edition: string
  by: string
  readTime: string
  readMore: string
  updated: string
  photo: string
  /** Heading of articles without a topic. */
  more: string
  /** Heading of articles that are only named. */
  also: string
  /** Of articles for whose names a mail has no room. */
  others: string
  why: string
  unsubscribe: string
  visit: string
  feeds: string
}

const en: Words = {
  edition: 'No. {number}',
  by: 'By {authors}',
  readTime: '{minutes} min read',
  readMore: 'Read the story',
  updated: 'Updated {time}',
  photo: 'Picture: {credit}',
  more: 'More stories',
  also: 'Also in the paper',
  others: '… and {count} more on the site',
  why: 'You get this because you signed up for {newsletter} as {email}.',
  unsubscribe: 'Unsubscribe',
  visit: 'Visit the paper',
  feeds: 'Feeds',
}

const tables: Partial<Record<string, Words>> = {
  en,
  de: {
    edition: 'Nr. {number}',
    by: 'Von {authors}',
    readTime: '{minutes} Min. Lesezeit',
    readMore: 'Zum Artikel',
    updated: 'Aktualisiert {time}',
    photo: 'Foto: {credit}',
    more: 'Weitere Artikel',
    also: 'Außerdem im Blatt',
    others: '… und noch {count} auf der Website',
    why: 'Diese E-Mail geht an {email}, weil Sie {newsletter} abonniert haben.',
    unsubscribe: 'Abbestellen',
    visit: 'Zur Zeitung',
    feeds: 'Feeds',
  },
  fr: {
    edition: 'Nº {number}',
    by: 'Par {authors}',
    readTime: '{minutes} min de lecture',
    readMore: 'Lire l’article',
    updated: 'Mis à jour : {time}',
    photo: 'Photo : {credit}',
    more: 'Autres articles',
    also: 'À lire aussi',
    others: '… et encore {count} sur le site',
    why: 'Vous recevez ce message car l’adresse {email} est abonnée à {newsletter}.',
    unsubscribe: 'Se désabonner',
    visit: 'Voir le journal',
    feeds: 'Flux',
  },
  es: {
    edition: 'N.º {number}',
    by: 'Por {authors}',
    readTime: '{minutes} min de lectura',
    readMore: 'Leer el artículo',
    updated: 'Actualizado: {time}',
    photo: 'Foto: {credit}',
    more: 'Más artículos',
    also: 'También en el periódico',
    others: '… y {count} más en el sitio',
    why: 'Recibe este mensaje porque la dirección {email} está suscrita a {newsletter}.',
    unsubscribe: 'Cancelar la suscripción',
    visit: 'Ir al periódico',
    feeds: 'Canales',
  },
  it: {
    edition: 'N. {number}',
    by: 'Di {authors}',
    readTime: '{minutes} min di lettura',
    readMore: 'Leggi l’articolo',
    updated: 'Aggiornato: {time}',
    photo: 'Foto: {credit}',
    more: 'Altri articoli',
    also: 'Anche sul giornale',
    others: '… e ancora {count} sul sito',
    why: 'Ricevi questo messaggio perché l’indirizzo {email} è iscritto a {newsletter}.',
    unsubscribe: 'Annulla l’iscrizione',
    visit: 'Vai al giornale',
    feeds: 'Feed',
  },
  nl: {
    edition: 'Nr. {number}',
    by: 'Door {authors}',
    readTime: '{minutes} min leestijd',
    readMore: 'Lees het artikel',
    updated: 'Bijgewerkt {time}',
    photo: 'Foto: {credit}',
    more: 'Meer artikelen',
    also: 'Ook in de krant',
    others: '… en nog {count} op de site',
    why: 'U ontvangt dit bericht omdat {email} is aangemeld voor {newsletter}.',
    unsubscribe: 'Afmelden',
    visit: 'Naar de krant',
    feeds: 'Feeds',
  },
  pt: {
    edition: 'N.º {number}',
    by: 'Por {authors}',
    readTime: '{minutes} min de leitura',
    readMore: 'Ler o artigo',
    updated: 'Atualizado: {time}',
    photo: 'Foto: {credit}',
    more: 'Mais artigos',
    also: 'Também no jornal',
    others: '… e mais {count} no site',
    why: 'Recebe esta mensagem porque o endereço {email} está inscrito em {newsletter}.',
    unsubscribe: 'Cancelar a subscrição',
    visit: 'Visitar o jornal',
    feeds: 'Feeds',
  },
  ar: {
    edition: 'العدد {number}',
    by: 'بقلم {authors}',
    readTime: 'وقت القراءة: {minutes} د',
    readMore: 'اقرأ المقال',
    updated: 'تحديث: {time}',
    photo: 'الصورة: {credit}',
    more: 'مقالات أخرى',
    also: 'أيضًا في الصحيفة',
    others: '… و{count} غيرها على الموقع',
    why: 'تصلك هذه الرسالة لأن العنوان {email} مشترك في {newsletter}.',
    unsubscribe: 'إلغاء الاشتراك',
    visit: 'زيارة الصحيفة',
    feeds: 'الخلاصات',
  },
}

/** The words for a BCP 47 tag, by its language alone. */
export function wordsFor(language: string): Words {
  return tables[new Intl.Locale(language).language] ?? en
}

/** `{name}` in `pattern` replaced by the value of that name, in one pass: a value is never read as a pattern. */
export function phrase(pattern: string, values: Partial<Record<string, string | number>>): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** Written from right to left, by the script that a BCP 47 tag names or implies. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  const script = new Intl.Locale(language).maximize().script ?? 'Latn'
  return ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg'].includes(script) ? 'rtl' : 'ltr'
}

/** Whether letters of its script stand apart, so that capitals may be spaced: Arabic letters join, Han need none. */
export function spacesLetters(language: string): boolean {
  const script = new Intl.Locale(language).maximize().script ?? 'Latn'
  return ['Latn', 'Cyrl', 'Grek', 'Armn', 'Geor'].includes(script)
}
