/** The ledger: published, signed by the custody that holds its key, cosigned by the witnesses that are configured. */
import type { HealthCheck } from '#contract/http/health.ts';
import type { LedgerPublisher } from '../ledger/publisher.ts';
import { KeysForeign } from '../ledger/publisher.ts';
import { readWitnesses } from '../ledger/witness-list.ts';
import type { Reader } from '../storage/storage.ts';
import { unwell, well } from './check.ts';

const entries = (count: number): string => (count === 1 ? '1 entry' : `${count.toLocaleString('en-GB').replaceAll(',', '\u202f')} entries`);
function ago(at: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));
  const [value, unit] = seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [Math.round(seconds / 60), 'minute'] : seconds < 172_800 ? [Math.round(seconds / 3600), 'hour'] : [Math.round(seconds / 86_400), 'day'];
  return `${value} ${unit}${value === 1 ? '' : 's'} ago`;
}
/** Seconds after which an entry that is not published is late. */
const late = 30;

export async function checkPublished(db: Reader): Promise<HealthCheck> {
  const about = { check: 'ledger', name: 'Ledger', means: 'What is published can be checked by anyone. Entries that wait are safe in the database, and are published when custody signs again.' } as const;
  const checkpoint = await db.selectFrom('ledger_checkpoints').select(['size', 'at']).orderBy('size', 'desc').limit(1).executeTakeFirst();
  const { seq } = await db.selectFrom('ledger_head').select('seq').executeTakeFirstOrThrow();
  const waiting = await db.selectFrom('ledger_entries').select('at').where('seq', '>', checkpoint?.size ?? 0).orderBy('seq').limit(1).executeTakeFirst();
  const isLate = waiting && Date.now() - Date.parse(waiting.at) > late * 1000;
  if (isLate) return unwell(about, 'failed', `${entries(seq - (checkpoint?.size ?? 0))} wait to be published, the first since ${ago(waiting.at).replace(' ago', '')}.`, 'See why in the log of control (ledger_delayed).', 'modelkeep status');
  return well(about, `${entries(checkpoint?.size ?? 0)} are published; the newest checkpoint was signed ${checkpoint ? ago(checkpoint.at) : 'never'}.`);
}

export async function checkCustody(ledger: LedgerPublisher): Promise<HealthCheck> {
  const about = { check: 'custody', name: 'Key-custody', means: 'It makes credentials and signs checkpoints. While it is away nothing new is signed, and what runs goes on.' } as const;
  try {
    await ledger.checkKey();
    return well(about, 'It answers, with the key that has signed the ledger so far.');
  } catch (error) {
    if (error instanceof KeysForeign) return unwell(about, 'failed', 'It has another key than the one that signed before.', 'Put back the keys folder that belongs to this database.');
    return unwell(about, 'failed', 'It does not answer.', 'It is restarted by itself; if that goes on, see the log of key-custody.', 'modelkeep status');
  }
}

export async function checkWitnesses(db: Reader, file: string | undefined): Promise<HealthCheck> {
  const about = { check: 'witnesses', name: 'Witnesses', means: 'A witness cosigns checkpoints, so that the ledger cannot show different histories to different people.' } as const;
  const names = readWitnesses(file).map(({ name }) => name);
  if (names.length === 0) return unwell(about, 'attention', 'None is configured.', 'Name one, run by people who do not answer to the operator of this installation; see docs/witnesses.md.', 'MODELKEEP_WITNESSES=/etc/modelkeep/witnesses modelkeep up');
  const size = (await db.selectFrom('ledger_checkpoints').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst())?.size ?? 0;
  const known = new Map((await db.selectFrom('ledger_witnesses').selectAll().execute()).map((row) => [row.name, row.size]));
  const behind = names.filter((name) => (known.get(name) ?? 0) < size);
  // One checkpoint may be on its way at any moment.
  return behind.length === 0 ? well(about, `${names.length} of ${names.length} have cosigned the newest checkpoint.`)
    : unwell(about, 'attention', `${names.length - behind.length} of ${names.length} have cosigned the newest checkpoint. Behind: ${behind.join(', ')}.`, 'Ask whoever runs it; it cosigns what is newest when it is back.');
}
