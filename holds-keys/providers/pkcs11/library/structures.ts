/** Structures of PKCS#11 as they lie in memory on Linux with 64 bits: each field 8 bytes, little-endian, no packing. */
import { addressOf } from './cryptoki.ts';

/** Bytes for a call, and what their pointers point to: held together, so that nothing is freed while the library reads it. */
export interface Structure { bytes: Buffer; holds: Buffer[] }
type Field = number | bigint | Buffer | null;

export function ulongs(...fields: Field[]): Structure {
  const bytes = Buffer.alloc(8 * fields.length);
  const holds = fields.filter((field) => Buffer.isBuffer(field));
  fields.forEach((field, index) => bytes.writeBigUInt64LE(field === null ? 0n : Buffer.isBuffer(field) ? (field.length === 0 ? 0n : addressOf(field)) : BigInt(field), 8 * index));
  return { bytes, holds };
}

export const flag = (value: boolean): Buffer => Buffer.from([value ? 1 : 0]);
export const ulong = (value: number | bigint): Buffer => ulongs(value).bytes;

/** CK_ATTRIBUTE[]: type, pointer, length. */
export function template(...list: readonly (readonly [type: number, value: Buffer])[]): Structure & { count: number } {
  return { ...ulongs(...list.flatMap(([type, value]) => [type, value, value.length])), count: list.length };
}

/** CK_MECHANISM: type, pointer, length. */
export function mechanism(type: number, parameter?: Structure): Structure {
  const { bytes, holds } = ulongs(type, parameter?.bytes ?? null, parameter?.bytes.length ?? 0);
  return { bytes, holds: [...holds, ...parameter?.holds ?? []] };
}

/** CK_GCM_PARAMS with a tag of 128 bits. */
export const gcmParameters = (iv: Buffer, associated: Buffer): Structure => ulongs(iv, iv.length, iv.length * 8, associated, associated.length, 128);
