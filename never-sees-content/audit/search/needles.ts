/**
 * Many strings, in every spelling in which a leak of one would show, made ready for one fast search: strings of one making begin alike, so each
 * spelling is searched once for that beginning, and only where it stands is looked up which of the strings it is.
 */
export interface Spelling {
  name: string;
  /** How all needles of this spelling begin. */
  head: Buffer;
  /** Bytes of a whole needle. */
  length: number;
  /** Needle, byte for byte as Latin-1, to the string that it spells. */
  known: Map<string, string>;
}

/** JSON allows any character to be written by its number. */
const numbered = (text: string): string => Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** Without the first and last characters, which depend on the neighbours. */
function base64At(bytes: Buffer, alignment: number): Buffer {
  const padded = Buffer.concat([Buffer.alloc(alignment), bytes, Buffer.alloc(3)]).toString('base64');
  const from = Math.ceil((alignment * 8) / 6);
  return Buffer.from(padded.slice(from, Math.floor(((alignment + bytes.length) * 8) / 6)));
}

function spellingsOf(text: string): [string, Buffer][] {
  const bytes = Buffer.from(text);
  const spelled: [string, Buffer][] = [
    ['plain', bytes], ['capitals', Buffer.from(text.toUpperCase())], ['json', Buffer.from(JSON.stringify(text).slice(1, -1))], ['json numbers', Buffer.from(numbered(text))],
    ['utf16', Buffer.from(text, 'utf16le')], ['hexadecimal', Buffer.from(bytes.toString('hex'))], ['hexadecimal capitals', Buffer.from(bytes.toString('hex').toUpperCase())],
    ...[0, 1, 2].map((alignment): [string, Buffer] => [`base64+${alignment}`, base64At(bytes, alignment)]),
    ...[0, 1, 2].map((alignment): [string, Buffer] => [`base64url+${alignment}`, Buffer.from(base64At(bytes, alignment).toString().replaceAll('+', '-').replaceAll('/', '_'))]),
  ];
  // Many spellings are the same for letters and digits.
  return spelled.filter(([, needle], i) => spelled.findIndex(([, other]) => other.equals(needle)) === i);
}

function commonHead(needles: Buffer[]): Buffer {
  const [first = Buffer.alloc(0), ...others] = needles;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && other[same] === first[same]) same++;
    length = same;
  }
  return first.subarray(0, length);
}

export class Needles {
  readonly spellings: Spelling[];
  /** Bytes of the longest needle: what two windows on the same bytes must share. */
  readonly longest: number;

  constructor(texts: Iterable<string>) {
    const groups = new Map<string, { name: string; needles: [string, Buffer][] }>();
    for (const text of new Set(texts)) {
      for (const [name, needle] of spellingsOf(text)) {
        const key = `${name} ${needle.length} ${text.slice(0, 6)}`;
        const group = groups.get(key) ?? { name, needles: [] };
        group.needles.push([text, needle]);
        groups.set(key, group);
      }
    }
    this.spellings = [...groups.values()].map(({ name, needles }) => ({
      name, head: commonHead(needles.map(([, needle]) => needle)), length: needles[0]?.[1].length ?? 0,
      known: new Map(needles.map(([text, needle]) => [needle.toString('latin1'), text])),
    }));
    this.longest = Math.max(0, ...this.spellings.map(({ length }) => length));
  }
}
