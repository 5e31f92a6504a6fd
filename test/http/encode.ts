/** Writes text in legacy charsets, which Node only reads: by asking its reader what each byte and pair of bytes means. */

const tables = new Map<string, Map<string, number[]>>()

function tableOf(charset: string): Map<string, number[]> {
  const known = tables.get(charset)
  if (known !== undefined) return known
  const decoder = new TextDecoder(charset)
  const table = new Map<string, number[]>()
  const learn = (...bytes: number[]) => {
    const sign = decoder.decode(Uint8Array.from(bytes))
    if (Array.from(sign).length === 1 && sign !== '\ufffd' && !table.has(sign)) table.set(sign, bytes)
  }
  for (let one = 0; one < 256; one += 1) learn(one)
  if (/^(?:shift|euc|gb|big5)/.test(charset))
    for (let one = 0x81; one < 0xff; one += 1) for (let two = 0x40; two < 0xff; two += 1) learn(one, two)
  tables.set(charset, table)
  return table
}

export function encode(text: string, charset: string): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  if (charset === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (charset === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const table = tableOf(charset)
  return Buffer.from(
    Array.from(text).flatMap((sign) => {
      const bytes = table.get(sign)
      if (bytes === undefined) throw new Error(`${charset} has no ${sign}`)
      return bytes
    }),
  )
}

/** A few sentences in each language that a charset is for. */
export const TEXTS = {
  'windows-1252':
    'Die Fähre läuft wieder: nach drei Tagen Sturm öffnete der Hafen am Mittwoch früh. „Endlich“, sagte der Hafenmeister.',
  'iso-8859-2':
    'Přístav se v neděli znovu otevřel. Lodě čekaly tři dny, než bouře přešla a vítr zeslábl nad ústím řeky.',
  'windows-1251':
    'Паром снова ходит: после трёх дней шторма гавань открылась в среду утром. Рыбаки вышли в море ещё до рассвета.',
  'koi8-r': 'Маяк на северном молу починили за одну зиму, и теперь его свет снова виден с каждого судна в проливе.',
  'windows-1253': 'Το λιμάνι άνοιξε ξανά την Τετάρτη το πρωί, όταν η καταιγίδα πέρασε και τα πλοία βγήκαν στη θάλασσα.',
  'windows-1255': 'הנמל נפתח מחדש ביום רביעי בבוקר, לאחר שהסערה חלפה והספינות יצאו שוב אל הים הפתוח.',
  'windows-1256': 'أعيد فتح الميناء صباح الأربعاء بعد أن مرت العاصفة وخرجت السفن مرة أخرى إلى البحر المفتوح.',
  'windows-874': 'ท่าเรือเปิดอีกครั้งในเช้าวันพุธ หลังจากพายุผ่านไป และเรือประมงก็ออกสู่ทะเลอีกครั้ง',
  shift_jis:
    '嵐が過ぎて、港は水曜日の朝に再び開きました。漁船は夜明け前に海へ出て、灯台の光が遠くまで見えたということです。',
  'euc-jp': '港の灯台は一冬かけて修理されました。今では海峡を通るすべての船から、その光をまた見ることができます。',
  gb18030: '暴风雨过后，港口于星期三清晨重新开放。渔船在黎明前出海，灯塔的光芒在海峡的每一艘船上都能看到。',
  big5: '暴風雨過後，港口於星期三清晨重新開放。漁船在黎明前出海，燈塔的光芒在海峽的每一艘船上都能看到。',
  'euc-kr':
    '폭풍이 지나간 뒤 수요일 아침에 항구가 다시 열렸다. 어선들은 새벽이 오기 전에 바다로 나갔고 등대의 빛이 멀리서도 보였다.',
} as const
