import type { operations } from '#contract/operations.ts';
import { changeKeys, viewEncryption } from '../../encryption/change-keys.ts';
import type { Handler } from '../handler.ts';

export const removeCustomerKey: Handler<typeof operations.removeCustomerKey> = async (call, context) => {
  await changeKeys(call, context, 'remove_customer_key', 'customer_key.removed');
  return await viewEncryption(context, call.project);
};
