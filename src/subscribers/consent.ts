/** The words by which a reader agrees, and those of the form around them, by language. */

/** A wording as it was shown, to be kept as it is. */
export interface Wording {
  /** Names the sentence, not what is filled in: `en-1`. */
  id: string
  text: string
}

/** What stands around the wording. */
export interface FormWords {
  address: string
  choose: string
  button: string
  /** Says to a person who meets the field that is hidden for robots to leave it alone. */
  trap: string
}

interface Table extends FormWords {
  id: string
  /** For a paper with a single newsletter, and for one where readers choose. */
  one: string
  several: string
}

// What somebody agreed to is kept by these names. A sentence that changes gets a new one; a table is never edited in place.
const en: Table = {
  id: 'en-1',
  one: 'I want {newsletter} from {paper} by e-mail. I can end it at any time: every mail has a link that does.',
  several:
    'I want the newsletters I chose from {paper} by e-mail. I can end each at any time: every mail has a link that does.',
  address: 'Your e-mail address',
  choose: 'Which would you like?',
  button: 'Subscribe',
  trap: 'Leave this field empty',
}

const tables: Partial<Record<string, Table>> = {
  en,
  de: {
    id: 'de-1',
    one: 'Ich möchte {newsletter} von {paper} per E-Mail erhalten. Ich kann das jederzeit beenden: In jeder E-Mail steht ein Link dafür.',
    several:
      'Ich möchte die gewählten Newsletter von {paper} per E-Mail erhalten. Ich kann jeden davon jederzeit beenden: In jeder E-Mail steht ein Link dafür.',
    address: 'Ihre E-Mail-Adresse',
    choose: 'Was möchten Sie erhalten?',
    button: 'Abonnieren',
    trap: 'Dieses Feld bitte leer lassen',
  },
  fr: {
    id: 'fr-1',
    one: 'Je souhaite recevoir {newsletter} de {paper} par e-mail. Je peux y mettre fin à tout moment : chaque message contient un lien pour cela.',
    several:
      'Je souhaite recevoir par e-mail les lettres de {paper} que j’ai choisies. Je peux mettre fin à chacune à tout moment : chaque message contient un lien pour cela.',
    address: 'Votre adresse e-mail',
    choose: 'Que souhaitez-vous recevoir ?',
    button: 'S’abonner',
    trap: 'Laissez ce champ vide',
  },
  es: {
    id: 'es-1',
    one: 'Quiero recibir {newsletter} de {paper} por correo electrónico. Puedo darme de baja en cualquier momento: cada mensaje lleva un enlace para ello.',
    several:
      'Quiero recibir por correo electrónico los boletines de {paper} que he elegido. Puedo darme de baja de cada uno en cualquier momento: cada mensaje lleva un enlace para ello.',
    address: 'Su correo electrónico',
    choose: '¿Qué desea recibir?',
    button: 'Suscribirse',
    trap: 'Deje este campo vacío',
  },
}

/** What a reader of these newsletters agrees to, word for word; English where a language has no wording of its own. */
export function wordingFor(language: string, paper: string, newsletters: { title: string }[]): Wording {
  const table = tableFor(language)
  const [only, ...others] = newsletters
  const values: Partial<Record<string, string>> = { paper, newsletter: only?.title }
  const pattern = others.length === 0 ? table.one : table.several
  return { id: table.id, text: pattern.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole) }
}

export function formWordsFor(language: string): FormWords {
  const { address, choose, button, trap } = tableFor(language)
  return { address, choose, button, trap }
}

/**
 * What is kept of a browser's name: enough to recognise it, without the long version numbers that tell one person from
 * another. Undefined where it gave none.
 */
export function shortAgent(agent: string | undefined): string | undefined {
  const short = agent
    ?.replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll(/(?<![A-Za-z\d])(\d+)(?:[._]\d+)+/g, '$1')
    .slice(0, 120)
    .trim()
  return short === '' ? undefined : short
}

function tableFor(language: string): Table {
  return tables[new Intl.Locale(language).language] ?? en
}
