/** A copy of the product's source with a leak written into it: what the audit must find. The product itself has no switch for that. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project } from '../installation.ts';

export interface Leak { file: string; /** After the first match of this stands the leak. */ after: RegExp; insert: string; imports?: string }

export class LeakyBuild {
  readonly tree = mkdtempSync(join(tmpdir(), 'modelkeep-leaky-'));

  constructor(...leaks: Leak[]) {
    for (const name of ['package.json', 'package-lock.json', 'bin', 'contract', 'edge', 'never-sees-content', 'holds-keys', 'sees-content']) cpSync(join(project, name), join(this.tree, name), { recursive: true });
    symlinkSync(realpathSync(join(project, 'node_modules')), join(this.tree, 'node_modules'));
    for (const { file, after, insert, imports = '' } of leaks) {
      const path = join(this.tree, file);
      const source = readFileSync(path, 'utf8');
      const leaky = source.replace(after, (match) => `${match}${insert}`);
      assert.notEqual(leaky, source, `${file} has changed: say anew where its leak goes`);
      writeFileSync(path, `${imports}${leaky}`);
    }
  }

  remove(): void { rmSync(this.tree, { recursive: true, force: true }); }
}
