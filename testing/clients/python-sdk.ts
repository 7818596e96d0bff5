/** The unmodified Python SDK in a virtual environment of its own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../installation.ts';

const version = '3.57.0';
export interface PythonSdk { python: string; /** Why it is not there, where PyPI cannot be reached. */ missing: string | false; remove: () => void }

export async function pythonSdk(): Promise<PythonSdk> {
  const venv = mkdtempSync(join(tmpdir(), 'mk-venv-'));
  const python = join(venv, 'bin/python');
  const made = await command('python3', ['-m', 'venv', venv]);
  const installed = made.code === 0 ? await command(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:', `openai==${version}`]) : made;
  return { python, missing: installed.code !== 0 || !existsSync(python) ? 'the Python SDK could not be installed' : false, remove: () => rmSync(venv, { recursive: true, force: true }) };
}
