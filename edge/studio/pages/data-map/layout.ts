/** Where boxes and arrows of the picture stand: groups side by side where there is room, one below the other where there is not. */
import type { Arrow, Box, Graph, Group } from './graph.ts';
import { groups } from './graph.ts';

export interface Placed { x: number; y: number; width: number; height: number }
export interface Layout { width: number; height: number; groups: (Placed & { id: Group; name: string })[]; boxes: (Placed & { box: Box })[]; arrows: { arrow: Arrow; path: string }[] }

const boxHeight = 40;
const [gap, inset, head, between] = [12, 12, 34, 56];
/** Columns of the wide picture: two rooms share one. */
const columns: readonly (readonly Group[])[] = [['edge'], ['sees-content'], ['never-sees-content', 'holds-keys'], ['stores'], ['outside']];

export function layoutOf(graph: Graph, width: number): Layout { return width < 900 ? stacked(graph, width) : sideBySide(graph, width); }

const heightOf = (rows: number): number => head + rows * (boxHeight + gap) - gap + inset;

function sideBySide({ boxes, arrows }: Graph, width: number): Layout {
  const column = (width - between * (columns.length - 1)) / columns.length;
  const placed: Layout = { width, height: 0, groups: [], boxes: [], arrows: [] };
  for (const [i, ids] of columns.entries()) {
    let y = 0;
    for (const id of ids) {
      const own = boxes.filter(({ group }) => group === id);
      const height = heightOf(own.length);
      placed.groups.push({ id, name: nameOf(id), x: i * (column + between), y, width: column, height });
      own.forEach((box, at) => placed.boxes.push({ box, x: i * (column + between) + inset, y: y + head + at * (boxHeight + gap), width: column - 2 * inset, height: boxHeight }));
      y += height + between / 2;
    }
    placed.height = Math.max(placed.height, y - between / 2);
  }
  return withArrows(placed, arrows);
}

function stacked({ boxes, arrows }: Graph, width: number): Layout {
  const placed: Layout = { width, height: 0, groups: [], boxes: [], arrows: [] };
  const across = Math.max(1, Math.floor(width / 160));
  const box = (width - 2 * inset - gap * (across - 1)) / across;
  let y = 0;
  for (const { id, name } of groups) {
    const own = boxes.filter(({ group }) => group === id);
    const height = heightOf(Math.ceil(own.length / across));
    placed.groups.push({ id, name, x: 0, y, width, height });
    own.forEach((each, at) => placed.boxes.push({ box: each, x: inset + (at % across) * (box + gap), y: y + head + Math.floor(at / across) * (boxHeight + gap), width: box, height: boxHeight }));
    y += height + between / 2;
  }
  placed.height = y - between / 2;
  return withArrows(placed, arrows);
}

const nameOf = (id: Group): string => groups.find((each) => each.id === id)?.name ?? id;

function withArrows(layout: Layout, arrows: readonly Arrow[]): Layout {
  const places = new Map(layout.boxes.map((each) => [each.box.id, each]));
  return { ...layout, arrows: arrows.flatMap((arrow) => { const [from, to] = [places.get(arrow.from), places.get(arrow.to)]; return from && to ? [{ arrow, path: curve(from, to) }] : []; }) };
}

/** From the side of one box that looks at the other; within a column around the side. */
function curve(from: Placed, to: Placed): string {
  const middle = ({ y, height }: Placed): number => y + height / 2;
  const centre = ({ x, width }: Placed): number => x + width / 2;
  const round = (...values: number[]): string => values.map((value) => value.toFixed(1)).join(' ');
  if (to.x >= from.x + from.width) { const bend = (to.x - from.x - from.width) / 2; return `M${round(from.x + from.width, middle(from))}C${round(from.x + from.width + bend, middle(from), to.x - bend, middle(to), to.x, middle(to))}`; }
  if (from.x >= to.x + to.width) { const bend = (from.x - to.x - to.width) / 2; return `M${round(from.x, middle(from))}C${round(from.x - bend, middle(from), to.x + to.width + bend, middle(to), to.x + to.width, middle(to))}`; }
  const [start, end] = to.y > from.y ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
  if (Math.abs(end - start) <= gap * 2) return `M${round(centre(from), start)}L${round(centre(to), end)}`;
  const side = 18;
  return `M${round(from.x + from.width, middle(from))}C${round(from.x + from.width + side, middle(from), to.x + to.width + side, middle(to), to.x + to.width, middle(to))}`;
}
