/** The words of the mail that asks for a confirmation, by language; a paper in any other language gets English ones. */

export interface ConfirmWords {
  /** Where an edition has its number. */
  label: string
  subject: string
  heading: string
  lead: string
  button: string
  /** What to do where the button does not work. */
  instead: string
  asked: string
  until: string
  ignore: string
  /** For someone who gets it already. */
  knownSubject: string
  knownHeading: string
  knownLead: string
  knownHint: string
  knownIgnore: string
}

const en: ConfirmWords = {
  label: 'Please confirm',
  subject: 'Please confirm: {newsletters}',
  heading: 'Shall we send you {newsletters}?',
  lead: 'You, we hope, asked for {newsletters} to be sent to {email}. Press the button, and it begins with the next edition.',
  button: 'Yes, send it to me',
  instead: 'If the button does not work, open this address:',
  asked: 'Asked for on {host}, {time}.',
  until: 'The link works until {time}.',
  ignore: 'If it was not you, do nothing: without your yes nothing is sent, and the request is deleted.',
  knownSubject: 'You already get {newsletters}',
  knownHeading: 'You are on the list',
  knownLead: 'You, we hope, asked for {newsletters} to be sent to {email}. It already is, so there is nothing to do.',
  knownHint: 'Does it not arrive? Look into the spam folder, and put {sender} into your address book.',
  knownIgnore: 'If it was not you who asked: nothing has changed.',
}

const tables: Partial<Record<string, ConfirmWords>> = {
  en,
  de: {
    label: 'Bitte bestätigen',
    subject: 'Bitte bestätigen: {newsletters}',
    heading: 'Dürfen wir Ihnen {newsletters} schicken?',
    lead: 'Jemand, hoffentlich Sie, möchte {newsletters} an {email} erhalten. Ein Druck auf den Knopf, und es beginnt mit der nächsten Ausgabe.',
    button: 'Ja, bitte schicken',
    instead: 'Falls der Knopf nicht funktioniert, öffnen Sie diese Adresse:',
    asked: 'Angefragt auf {host}, {time}.',
    until: 'Der Link gilt bis {time}.',
    ignore:
      'Wenn Sie es nicht waren, tun Sie nichts: Ohne Ihr Ja wird nichts geschickt, und die Anfrage wird gelöscht.',
    knownSubject: 'Sie erhalten {newsletters} bereits',
    knownHeading: 'Sie stehen auf der Liste',
    knownLead:
      'Jemand, hoffentlich Sie, möchte {newsletters} an {email} erhalten. Das ist schon so, es ist nichts zu tun.',
    knownHint: 'Kommt nichts an? Sehen Sie im Spam-Ordner nach, und nehmen Sie {sender} in Ihr Adressbuch auf.',
    knownIgnore: 'Wenn Sie es nicht waren: Es hat sich nichts geändert.',
  },
  fr: {
    label: 'À confirmer',
    subject: 'À confirmer : {newsletters}',
    heading: 'Pouvons-nous vous envoyer {newsletters} ?',
    lead: 'Quelqu’un, vous sans doute, a demandé l’envoi de {newsletters} à {email}. Appuyez sur le bouton, et cela commence avec le prochain numéro.',
    button: 'Oui, envoyez-le-moi',
    instead: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
    asked: 'Demandé sur {host}, {time}.',
    until: 'Le lien est valable jusqu’au {time}.',
    ignore:
      'Si ce n’était pas vous, ne faites rien : sans votre accord, rien n’est envoyé et la demande est supprimée.',
    knownSubject: 'Vous recevez déjà {newsletters}',
    knownHeading: 'Vous êtes sur la liste',
    knownLead:
      'Quelqu’un, vous sans doute, a demandé l’envoi de {newsletters} à {email}. C’est déjà le cas, il n’y a rien à faire.',
    knownHint: 'Rien n’arrive ? Regardez dans les indésirables, et ajoutez {sender} à vos contacts.',
    knownIgnore: 'Si ce n’était pas vous : rien n’a changé.',
  },
  es: {
    label: 'Por confirmar',
    subject: 'Por confirmar: {newsletters}',
    heading: '¿Le enviamos {newsletters}?',
    lead: 'Alguien, esperamos que usted, ha pedido que se envíe {newsletters} a {email}. Pulse el botón y empezará con la próxima edición.',
    button: 'Sí, envíenmelo',
    instead: 'Si el botón no funciona, abra esta dirección:',
    asked: 'Pedido en {host}, {time}.',
    until: 'El enlace es válido hasta el {time}.',
    ignore: 'Si no fue usted, no haga nada: sin su confirmación no se envía nada y la petición se borra.',
    knownSubject: 'Ya recibe {newsletters}',
    knownHeading: 'Ya está en la lista',
    knownLead:
      'Alguien, esperamos que usted, ha pedido que se envíe {newsletters} a {email}. Ya es así: no hay nada que hacer.',
    knownHint: '¿No le llega? Mire en la carpeta de spam y añada {sender} a sus contactos.',
    knownIgnore: 'Si no fue usted quien lo pidió, nada ha cambiado.',
  },
  it: {
    label: 'Da confermare',
    subject: 'Da confermare: {newsletters}',
    heading: 'Possiamo inviarti {newsletters}?',
    lead: 'Qualcuno, speriamo tu, ha chiesto di ricevere {newsletters} all’indirizzo {email}. Premi il pulsante e si comincia dalla prossima edizione.',
    button: 'Sì, inviatemelo',
    instead: 'Se il pulsante non funziona, apri questo indirizzo:',
    asked: 'Richiesto su {host}, {time}.',
    until: 'Il link è valido fino al {time}.',
    ignore: 'Se non sei stato tu, non fare nulla: senza il tuo sì non parte nulla e la richiesta viene cancellata.',
    knownSubject: 'Ricevi già {newsletters}',
    knownHeading: 'Sei nell’elenco',
    knownLead:
      'Qualcuno, speriamo tu, ha chiesto di ricevere {newsletters} all’indirizzo {email}. È già così: non c’è nulla da fare.',
    knownHint: 'Non arriva? Guarda nella posta indesiderata e aggiungi {sender} alla rubrica.',
    knownIgnore: 'Se non l’hai chiesto tu, non è cambiato nulla.',
  },
  nl: {
    label: 'Graag bevestigen',
    subject: 'Graag bevestigen: {newsletters}',
    heading: 'Mogen wij u {newsletters} sturen?',
    lead: 'Iemand, hopelijk u, heeft gevraagd om {newsletters} naar {email} te sturen. Druk op de knop, en het begint met de volgende editie.',
    button: 'Ja, stuur het mij',
    instead: 'Werkt de knop niet? Open dan dit adres:',
    asked: 'Gevraagd op {host}, {time}.',
    until: 'De link werkt tot {time}.',
    ignore: 'Was u het niet, doe dan niets: zonder uw ja wordt er niets gestuurd en wordt de aanvraag gewist.',
    knownSubject: 'U ontvangt {newsletters} al',
    knownHeading: 'U staat op de lijst',
    knownLead:
      'Iemand, hopelijk u, heeft gevraagd om {newsletters} naar {email} te sturen. Dat gebeurt al, er is niets te doen.',
    knownHint: 'Komt er niets aan? Kijk in de spammap en zet {sender} in uw adresboek.',
    knownIgnore: 'Was u het niet: er is niets veranderd.',
  },
  pt: {
    label: 'Por confirmar',
    subject: 'Por confirmar: {newsletters}',
    heading: 'Podemos enviar-lhe {newsletters}?',
    lead: 'Alguém, esperamos que o próprio, pediu o envio de {newsletters} para {email}. Prima o botão e começa com a próxima edição.',
    button: 'Sim, enviem-me',
    instead: 'Se o botão não funcionar, abra este endereço:',
    asked: 'Pedido em {host}, {time}.',
    until: 'A ligação é válida até {time}.',
    ignore: 'Se não foi o próprio, não faça nada: sem o seu sim nada é enviado e o pedido é apagado.',
    knownSubject: 'Já recebe {newsletters}',
    knownHeading: 'Já está na lista',
    knownLead:
      'Alguém, esperamos que o próprio, pediu o envio de {newsletters} para {email}. Já é assim: não há nada a fazer.',
    knownHint: 'Não chega? Procure na pasta de spam e acrescente {sender} aos seus contactos.',
    knownIgnore: 'Se não foi o próprio a pedir, nada mudou.',
  },
  ar: {
    label: 'يرجى التأكيد',
    subject: 'يرجى التأكيد: {newsletters}',
    heading: 'هل نرسل إليك {newsletters}؟',
    lead: 'طلب أحدهم، ونأمل أنه أنت، إرسال {newsletters} إلى {email}. اضغط الزر ليبدأ الإرسال مع العدد القادم.',
    button: 'نعم، أرسلوها إليّ',
    instead: 'إذا لم يعمل الزر فافتح هذا العنوان:',
    asked: 'قُدّم الطلب على {host}، {time}.',
    until: 'الرابط صالح حتى {time}.',
    ignore: 'إن لم تكن أنت من طلب فلا تفعل شيئًا: لن يُرسل شيء من دون موافقتك، وسيُحذف الطلب.',
    knownSubject: 'أنت تتلقى {newsletters} بالفعل',
    knownHeading: 'أنت مشترك بالفعل',
    knownLead: 'طلب أحدهم، ونأمل أنه أنت، إرسال {newsletters} إلى {email}. هذا هو الحال بالفعل، ولا حاجة إلى أي إجراء.',
    knownHint: 'لا يصلك شيء؟ ابحث في مجلد الرسائل غير المرغوبة، وأضف {sender} إلى جهات اتصالك.',
    knownIgnore: 'إن لم تكن أنت من طلب فلم يتغير شيء.',
  },
}

/** The words for a BCP 47 tag, by its language alone. */
export function confirmWordsFor(language: string): ConfirmWords {
  return tables[new Intl.Locale(language).language] ?? en
}
