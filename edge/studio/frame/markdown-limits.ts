/** Which Markdown is not laid out but shown as the text that it is: what nobody writes, and what would keep a browser busy for minutes. */

/** Quotes and lists within each other on one line. */
const deep = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])[ \t])){32}/m;
const signs = /[[\]()*_`<>!&~:]/g;
/** Characters of a block, from which on the time grows with their square where a quarter of them are signs. */
const long = 5000;

export function tooIntricate(text: string): boolean {
  return deep.test(text) || text.split(/\n[ \t]*\n/).some((block) => block.length > long && (block.match(signs)?.length ?? 0) > block.length / 4);
}
