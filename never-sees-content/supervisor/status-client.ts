/** Asks the supervisor that runs already who it is. */
import { request } from 'node:http';

/** ` (process 4711, http://…)`, or nothing where it does not answer within two seconds. */
export async function whoRuns(socketPath: string): Promise<string> {
  return await new Promise((resolve) => {
    const nobody = (): void => resolve('');
    const asked = request({ socketPath, path: '/status', timeout: 2000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('error', nobody).on('data', (chunk: string) => { text += chunk; }).on('end', () => {
        try {
          const { pid, origin } = JSON.parse(text) as { pid: number; origin: string };
          resolve(` (process ${pid}, ${origin})`);
        } catch { nobody(); }
      });
    });
    asked.on('error', nobody).on('timeout', () => { asked.destroy(); nobody(); }).end();
  });
}
