import type { operations } from '#contract/operations.ts';
import { changeKeys, viewEncryption } from '../../encryption/change-keys.ts';
import type { Handler } from '../handler.ts';

export const rotateKeys: Handler<typeof operations.rotateKeys> = async (call, context) => {
  const { layer } = call.body;
  if (layer !== 'customer') await changeKeys(call, context, 'rotate_platform', 'platform_key.rotated');
  const { customerKey } = layer === 'platform' ? { customerKey: null } : await viewEncryption(context, call.project);
  if (customerKey || layer === 'customer') await changeKeys(call, context, 'rotate_customer', 'customer_key.rotated');
  return await viewEncryption(context, call.project);
};
