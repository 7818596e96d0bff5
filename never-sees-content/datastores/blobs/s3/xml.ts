/** As much XML as S3 answers with: elements and text. Whatever could make a short text long (document types, entities of one's own) is no part of it. */

export interface Element { name: string; text: string; children: Element[] }

const deepest = 16;
const token = /<\?xml [^<>?]*\?>|<(\/?)([A-Za-z_][\w.:-]*)((?: +[\w.:-]+=(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const named = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', '\'']]);

/** @throws SyntaxError, without a word of the text */
export function parseXml(text: string): Element {
  const top: Element = { name: '', text: '', children: [] };
  const open = [top];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    const inner = open.at(-1);
    if (!found || !inner || open.length > deepest) throw new SyntaxError('not the XML of S3');
    const [, closing, name, , empty, plain] = found;
    if (plain !== undefined) inner.text += unescaped(plain);
    else if (name !== undefined && closing === '') {
      const element = { name, text: '', children: [] };
      inner.children.push(element);
      if (empty === '') open.push(element);
    } else if (name !== undefined && (open.pop()?.name !== name || open.length === 0)) throw new SyntaxError('not the XML of S3');
  }
  const [root, second] = top.children;
  if (!root || second || open.length !== 1 || top.text.trim() !== '') throw new SyntaxError('not the XML of S3');
  return root;
}

/** With the characters in the place of their references. */
function unescaped(text: string): string {
  return text.replace(/&(?:([a-z]+)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));|&/g, (_all, name: string | undefined, decimal: string | undefined, hexadecimal: string | undefined) => {
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? 'none', 16) : Number(decimal);
    const character = name === undefined ? (code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : undefined) : named.get(name);
    if (character === undefined) throw new SyntaxError('not the XML of S3');
    return character;
  });
}

export const all = ({ children }: Element, name: string): Element[] => children.filter((child) => child.name === name);
/** Text of the first child of that name; empty where there is none. */
export const textOf = (element: Element, name: string): string => element.children.find((child) => child.name === name)?.text ?? '';
const references: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', '\'': '&apos;' };
export const escaped = (text: string): string => text.replace(/[<>&"']/g, (character) => references[character] ?? '');
