import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tooIntricate } from './markdown-limits.ts';

const full = 100_000;
test('what keeps a reader of Markdown busy is not laid out', () => {
  for (const piece of ['>', '> ', '[', '[a](', '![a](', '[a]: b\n', '*a ', '**a *a ', '<', '`a``', '- ', '1. ']) assert.ok(tooIntricate(piece.repeat(full / piece.length)), piece);
});
test('what people write is', () => {
  const paragraph = 'A model for **chat**; see [its paper](https://example.org/paper_1), and `code`.\n\n';
  for (const text of [paragraph.repeat(1000), `# Title\n\n${'-'.repeat(80)}\n\n> quoted\n> > twice\n\n- one\n  - two\n    1. three\n`, `\`\`\`\n${'if (a[0] > b) { return f(x); }\n'.repeat(100)}\`\`\``, '']) assert.ok(!tooIntricate(text), text.slice(0, 40));
});
