/** Whether what callers send is encrypted on its way. */
import type { HealthCheck } from '#contract/http/health.ts';
import { unwell, well } from './check.ts';

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function checkAddress(publicOrigin: string): HealthCheck {
  const about = { check: 'address', name: 'Encryption on the way', means: 'Prompts, answers and keys travel between callers and the gateway.' } as const;
  const { protocol, hostname } = new URL(publicOrigin);
  if (protocol === 'https:') return well(about, 'Callers reach the gateway over TLS.');
  if (loopback.test(hostname)) return well(about, 'The gateway is reached from this machine alone, without TLS.');
  return unwell(about, 'failed', 'Callers on other machines reach the gateway without TLS: anyone on the way can read along.', 'Start it with TLS, with a certificate of its own or of yours.', 'modelkeep up --tls');
}
