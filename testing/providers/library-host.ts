/** Uses a token, says so, and waits to be killed. */
import { Pkcs11Provider } from '#keys/providers/pkcs11/pkcs11-provider.ts';
import type { Token } from './softhsm-token.ts';

const { settings, pin } = JSON.parse(process.argv[2] ?? '') as Token;
await new Pkcs11Provider(settings, pin).current();
process.stdout.write('opened\n');
setInterval(() => undefined, 1000);
