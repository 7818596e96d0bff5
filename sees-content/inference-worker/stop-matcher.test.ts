import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StopMatcher } from './stop-matcher.ts';

const alphabet = fc.constantFrom('a', 'b', 'ab', 'ba', 'c');

test('what is shown is the text before the first stop sequence, however it arrives', () => {
  fc.assert(fc.property(fc.array(alphabet, { maxLength: 30 }), fc.array(fc.array(alphabet, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')), { maxLength: 3 }), (pieces, stops) => {
    const matcher = new StopMatcher(stops);
    let shown = '';
    let stopped = false;
    for (const piece of pieces) {
      const result = matcher.push(piece);
      shown += result.text;
      if (result.stopped) { stopped = true; break; }
    }
    if (!stopped) shown += matcher.flush();
    const text = pieces.join('');
    const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    // The first sequence to be complete ends the text; no sequence is in what was shown.
    assert.equal(stopped, ends.length > 0);
    assert.ok(stops.every((stop) => !shown.includes(stop)));
    assert.ok(text.startsWith(shown));
    if (!stopped) assert.equal(shown, text);
  }));
});
