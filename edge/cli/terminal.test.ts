import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, count, duration, printable, table } from './terminal.ts';

test('a table lines its columns up and leaves no blanks at the ends of lines', () => {
  assert.equal(table(['NAME', 'SIZE'], [['a-long-name', '1'], ['b', '']]), 'NAME         SIZE\na-long-name  1\nb');
  assert.equal(table(['NAME'], []), 'NAME');
});

test('sizes are told in decimal units with three digits', () => {
  assert.deepEqual([0, 999, 1000, 1536, 98_400_000, 999_400, 999_600, 2e9, 5e15].map(bytes), ['0 B', '999 B', '1.0 KB', '1.5 KB', '98.4 MB', '999 KB', '1.0 MB', '2.0 GB', '5000 TB']);
});

test('durations are told in the two units that matter', () => {
  assert.deepEqual([0, 59.4, 61, 3600, 7384, Number.POSITIVE_INFINITY].map(duration), ['0 s', '59 s', '1 min 1 s', '1 h 0 min', '2 h 3 min', '–']);
});

test('counts are grouped by thousands', () => {
  assert.equal(count(1_234_567), '1\u202f234\u202f567');
});

test('text from elsewhere cannot move the cursor, ring, or set the title of the terminal', () => {
  assert.equal(printable('a\u001b[2Jb\u0007c\u009bd\re\nf\tg\u007f'), 'a[2Jbcde\nf\tg');
  assert.equal(printable('rows\u202egpj.exe\u2066'), 'rowsgpj.exe');
  assert.equal(printable('Grüße, 世界 🙂'), 'Grüße, 世界 🙂');
});
