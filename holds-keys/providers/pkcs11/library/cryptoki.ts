/** The functions of a PKCS#11 library (Cryptoki) by FFI: the one file of this program that calls past Node. */
import koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import { CryptokiRefusal, functions } from './functions.ts';
import type { CryptokiFunction } from './functions.ts';
import type { Structure } from './structures.ts';

const types: Record<string, string> = { n: 'unsigned long', p: 'void *', b: 'unsigned char' };
const prototypes = new Map([...new Set(Object.values(functions).map(([, parameters]) => parameters))].map((parameters) =>
  [parameters as string, koffi.proto(`unsigned long cryptoki_${parameters}(${parameters.split('').map((each) => types[each]).join(', ')})`)] as const));

/** Of bytes that stay where they are as long as something holds them. */
export const addressOf = (bytes: Buffer): bigint => koffi.address(bytes);

/** A program whose library hangs would not see that its parent has ended. */
export function endWithParent(): void {
  const parentDeathSignal = 1; const kill = 9;
  koffi.load(null).func('int prctl(int, unsigned long)')(parentDeathSignal, kill);
}

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
