/** Settings of a customer-managed key as custody takes them: whoever names a key for a project may not thereby run code of theirs on the machine, choose where custody writes, or use a key of ours or of another project. */
import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { CustomerKeySettings } from '#contract/http/encryption.ts';
import { createKeyFile } from '../../providers/file/key-file-format.ts';
import { KeyRefused } from '../key-refused.ts';
import { makeFolder } from '../records.ts';

/** Where only the administrator of the machine puts libraries. */
const libraryFolders = ['/usr/lib/', '/usr/lib64/', '/usr/local/lib/', '/opt/'];

/** `folder`: of the keys. @throws KeyRefused customer_key_misconfigured */
export function admittedSettings(folder: string, project: string, settings: CustomerKeySettings): CustomerKeySettings {
  if (settings.provider === 'pkcs11' && !libraryFolders.some((each) => realPath(settings.library).startsWith(each))) throw new KeyRefused('customer_key_misconfigured');
  if (settings.provider !== 'file') return settings;
  const path = join(folder, 'development', `${project}.json`);
  if (settings.path !== undefined && settings.path !== path) {
    // What lies among our own keys is another project's, or no customer's at all.
    if (existsSync(settings.path) && realPath(settings.path).startsWith(`${realpathSync(folder)}/`)) throw new KeyRefused('customer_key_misconfigured');
    return settings;
  }
  makeFolder(dirname(path));
  createKeyFile(path);
  return { ...settings, path };
}

function realPath(path: string): string { try { return realpathSync(path); } catch { throw new KeyRefused('customer_key_misconfigured'); } }

/** As it stands in control's order. */
export const settingsDigest = ({ settings, onDenied }: { settings: CustomerKeySettings; onDenied: 'keep' | 'stop' }): string => `sha256:${createHash('sha256').update(canonicalJson({ settings, onDenied })).digest('hex')}`;
