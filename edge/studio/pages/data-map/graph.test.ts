/** The picture shows what the map says: no box or arrow has more, and nothing that the map says is missing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dataMap } from '#contract/data-map/data-map.ts';
import { graphOf } from './graph.ts';
import { layoutOf } from './layout.ts';

const map = dataMap();
const graph = graphOf(map);
const box = (id: string): (typeof graph.boxes)[number] => { const found = graph.boxes.find((each) => each.id === id); assert.ok(found, id); return found; };

describe('the picture', () => {
  test('has every process, with exactly the classes that it holds', () => {
    for (const { id } of map.processes) assert.deepEqual([...box(id).classes].sort(), map.classes.filter(({ processed }) => processed.some(({ process }) => process === id)).map((each) => each.id).sort(), id);
  });
  test('has every class that is stored in a store, and content in none', () => {
    const stored = new Set(graph.boxes.filter(({ group }) => group === 'stores').flatMap(({ classes }) => [...classes]));
    assert.deepEqual([...stored].sort(), map.classes.filter(({ storedIn }) => storedIn.length > 0).map(({ id }) => id).sort());
    for (const id of ['prompt', 'output', 'embedding', 'engine_state']) assert.ok(!stored.has(id), id);
  });
  test('has an arrow for every way that a class may leave by', () => {
    for (const { id, mayGoTo } of map.classes) {
      for (const { destination } of mayGoTo) {
        const to = destination === 'server' ? 'gateway' : `to:${destination}`;
        assert.ok(graph.arrows.some((arrow) => arrow.to === to && arrow.classes.has(id)), `${id} to ${destination}`);
      }
    }
  });
  test('draws nothing along an arrow that its beginning does not hold', () => {
    for (const { from, classes } of graph.arrows) for (const each of classes) assert.ok(box(from).classes.has(each), `${each} from ${from}`);
    for (const { to, classes } of graph.arrows) if (!to.startsWith('to:')) for (const each of classes) assert.ok(box(to).classes.has(each), `${each} to ${to}`);
  });
});

for (const width of [300, 700, 1000, 1568]) {
  test(`at ${width} px every box has its place, none lies on another, and all are inside`, () => {
    const { boxes, arrows, height } = layoutOf(graph, width);
    assert.deepEqual([boxes.length, arrows.length], [graph.boxes.length, graph.arrows.length]);
    for (const [i, a] of boxes.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= width && a.y >= 0 && a.y + a.height <= height, a.box.id);
      for (const b of boxes.slice(i + 1)) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y, `${a.box.id} on ${b.box.id}`);
    }
  });
}
