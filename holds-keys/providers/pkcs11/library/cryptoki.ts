/** The functions of a PKCS#11 library (Cryptoki) by FFI. */
import koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import { CryptokiRefusal, functions } from './functions.ts';
import type { CryptokiFunction } from './functions.ts';
import type { Structure } from './structures.ts';

const types: Record<string, string> = { n: 'unsigned long', p: 'void *', b: 'unsigned char' };
const prototypes = new Map([...new Set(Object.values(functions).map(([, parameters]) => parameters))].map((parameters) =>
  [parameters as string, koffi.proto(`unsigned long cryptoki_${parameters}(${[...parameters].map((each) => types[each]).join(', ')})`)] as const));

export class Cryptoki {
  readonly #list: Buffer;
  /** Kept: a library to which nothing points is unloaded. */
  readonly loaded: LibraryHandle;
  /** What the call that is being made points to: see `Structure`. */
  held: unknown;

  /** Loads the library; code of its own runs at that. @throws Error where it is no PKCS#11 library. */
  constructor(path: string) {
    const list = Buffer.alloc(8);
    this.loaded = koffi.load(path);
    if (Number(this.loaded.func('unsigned long C_GetFunctionList(void *)')(list)) !== 0) throw new Error('it gives no functions');
    // CK_VERSION, padded to 8 bytes, and the pointers of version 2, which later versions keep in place.
    this.#list = Buffer.from(koffi.view(list.readBigUInt64LE(), 8 + 8 * 68));
    this.call('C_Initialize', null);
  }

  /** @throws CryptokiRefusal */
  call(name: CryptokiFunction, ...parameters: (number | bigint | Buffer | Structure | null)[]): void {
    const [place, signature] = functions[name];
    this.held = parameters;
    const values = parameters.map((each) => (each !== null && typeof each === 'object' && 'bytes' in each ? each.bytes : each));
    const answer = Number(koffi.call(this.#list.readBigUInt64LE(8 + 8 * place), prototypes.get(signature) ?? 'void', ...values));
    this.held = undefined;
    if (answer !== 0) throw new CryptokiRefusal(name, answer);
  }
}
