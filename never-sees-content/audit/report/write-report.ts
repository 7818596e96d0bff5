/** Writes the report, its page and its signature, each readable by its owner only. */
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { CustodyClient } from '../../identity/custody-client.ts';
import { page } from './page.ts';
import type { Report } from './report.ts';

/** Root audits for the user of the installation, who is to read the report. */
function give(path: string, like: string): void {
  const { uid, gid } = statSync(like);
  if (process.getuid?.() === 0 && uid !== 0) chownSync(path, uid, gid);
}

/** `dataFolder`: its owner gets the report. @returns path of the page. @throws Refusal control_unavailable where key-custody does not sign */
export async function writeReport(report: Report, folder: string, { dataFolder, runFolder }: { dataFolder: string; runFolder: string }): Promise<string> {
  const bytes = `${JSON.stringify(report, null, 1)}\n`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { signature, publicKey } = await new CustodyClient(runFolder).signReport(sha256);
  const files = { 'report.json': bytes, 'report.json.sig': `${JSON.stringify({ algorithm: 'Ed25519 over the SHA-256 of report.json, as 32 bytes', publicKey, signature, sha256 }, null, 1)}\n`, 'report.html': page(report, sha256) };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    chmodSync(join(folder, name), 0o600);
    give(join(folder, name), dataFolder);
  }
  for (const path of [folder, join(dataFolder, dataLayout.audits)]) give(path, dataFolder);
  return join(folder, 'report.html');
}
