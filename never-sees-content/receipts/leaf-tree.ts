/** The tree of one batch of receipts. */
import { inclusionPath, rootOfRange, tilesOfLeaves } from '../ledger/prove.ts';

/** `leaves`: hashes of 32 bytes, one or more. */
export const leafTreeRoot = async (leaves: Buffer[]): Promise<Buffer> => await rootOfRange(tilesOfLeaves(leaves), 0, leaves.length);
export const leafTreePath = async (leaves: Buffer[], index: number): Promise<Buffer[]> => await inclusionPath(tilesOfLeaves(leaves), index, leaves.length);
