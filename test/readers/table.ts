/** The table of docs/readers.md: what the tests hold each reader to. */
import { type Field, type Reader } from './reader.ts'

const names: [field: Field, name: string][] = [
  ['id', 'id'],
  ['title', 'title'],
  ['url', 'link'],
  ['published', 'date'],
  ['authors', 'authors'],
  ['topics', 'topics'],
  ['html', 'text'],
  ['files', 'files'],
]

const formats = { 'rss.xml': 'RSS', 'atom.xml': 'Atom', 'feed.json': 'JSON' } as const

export function tableOf(readers: readonly Reader[]): string {
  const notes: string[] = []
  const noteOf = (note: string) => {
    if (!notes.includes(note)) notes.push(note)
    return notes.indexOf(note) + 1
  }
  const rows = readers.flatMap((reader) =>
    reader.files.map((file) => {
      const cells = names.map(([field]) => {
        if (!reader.keeps.includes(field)) return '–'
        const limits = reader.limits.filter((limit) => limit.field === field && limit.files.includes(file))
        const numbers = limits.map(({ says, by }) => noteOf(`${says} (${by})`))
        return ['yes', ...numbers.map((number) => `[${number}]`)].join(' ')
      })
      const { name, version, asksWhetherChanged, corrected, moved } = reader
      return [`${name} ${version}`, formats[file], ...cells, asksWhetherChanged, corrected, moved]
    }),
  )
  const head = ['reader', 'format', ...names.map(([, name]) => name), '304', 'corrected', 'moved']
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${lines.join('\n')}\n\n${notes.map((note, index) => `${index + 1}. ${note}`).join('\n')}`
}
