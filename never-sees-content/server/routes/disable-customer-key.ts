import type { operations } from '#contract/operations.ts';
import { changeKeys, viewEncryption } from '../../encryption/change-keys.ts';
import type { Handler } from '../handler.ts';

export const disableCustomerKey: Handler<typeof operations.disableCustomerKey> = async (call, context) => {
  await changeKeys(call, context, 'disable_customer_key', 'customer_key.disabled');
  return await viewEncryption(context, call.project);
};
