/** Where the boxes and arrows of the key picture stand: two columns at any width, each box as high as its words need. */
import type { Hierarchy, KeyBox } from './hierarchy.ts';

export interface Placed { box: KeyBox; x: number; y: number; width: number; height: number; lines: readonly { text: string; bold: boolean }[] }
export interface Layout { height: number; placed: readonly Placed[]; arrows: readonly { path: string; closed: boolean }[] }

export const lineHeight = 17;
const [between, down, inset] = [24, 36, 14];
const perLetter = 6.9;

export function layoutOf({ boxes, wraps }: Hierarchy, width: number): Layout {
  const column = (width - between) / 2;
  const placed: Placed[] = [];
  let y = 0;
  for (const row of new Set(boxes.map((box) => box.row))) {
    const own = boxes.filter((box) => box.row === row).map((box) => {
      const wide = box.side === null ? width : column;
      return { box, x: box.side === 'customer' ? column + between : 0, y, width: wide, lines: linesOf(box, Math.floor((wide - 16) / perLetter)) };
    });
    const height = Math.max(...own.map(({ lines }) => lines.length)) * lineHeight + inset;
    placed.push(...own.map((each) => ({ ...each, height })));
    y += height + down;
  }
  const arrows = wraps.flatMap(([from, to]) => {
    const [above, below] = [from, to].map((id) => placed.find(({ box }) => box.id === id));
    if (!above || !below) return [];
    // Between the whole width and one of its halves the arrow stands over the half.
    const half = above.width <= below.width ? above : below;
    const x = half.x + half.width / 2;
    return [{ path: `M${x} ${above.y + above.height}L${x} ${below.y - 2}`, closed: above.box.closed }];
  });
  return { height: y - down, placed, arrows };
}

function linesOf({ title, lines }: KeyBox, most: number): Placed['lines'] {
  return [...broken(title, Math.floor(most * 0.9)).map((text) => ({ text, bold: true })), ...lines.flatMap((line) => broken(line, most)).map((text) => ({ text, bold: false }))];
}

/** Between words, and after the signs that join the pieces of an id; a piece that is longer than a line goes on in the next. */
function broken(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<=[ /:-])/).flatMap((piece) => cut(piece, most))) {
    const last = lines.at(-1);
    if (last !== undefined && `${last}${word}`.trimEnd().length <= most) lines[lines.length - 1] = `${last}${word}`; else lines.push(word);
  }
  return lines;
}
const cut = (piece: string, most: number): string[] => piece.match(new RegExp(`.{1,${Math.max(1, most)}}`, 'gu')) ?? [];
