import type { operations } from '#contract/operations.ts';
import { changeKeys, viewEncryption } from '../../encryption/change-keys.ts';
import type { Handler } from '../handler.ts';

export const enableCustomerKey: Handler<typeof operations.enableCustomerKey> = async (call, context) => {
  await changeKeys(call, context, 'enable_customer_key', 'customer_key.enabled');
  return await viewEncryption(context, call.project);
};
