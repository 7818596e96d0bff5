/** What is opened, until its keys may be used no longer. Its failures are told as the contract names them. */
import { SealedDataInvalid } from '../../sealing/sealed-data-invalid.ts';
import { GatewayError } from '../gateway-error.ts';

/** @throws GatewayError sealed_data_invalid, and why the keys were lost */
export async function* opened(plain: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of plain) { signal.throwIfAborted(); yield chunk; }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof SealedDataInvalid ? new GatewayError('sealed_data_invalid') : error instanceof GatewayError ? error : new GatewayError('control_unavailable');
  }
}
