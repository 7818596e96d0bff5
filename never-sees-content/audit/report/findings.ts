/** All that an audit has found out, before anybody judges it. */
import type { Cells } from '../cell.ts';
import type { Surplus } from '../engine/check-received.ts';
import type { Outbound } from '../outbound.ts';
import type { Planted } from '../plant/plant.ts';
import type { ControlResult } from '../positive-control.ts';
import type { SinkResult } from '../sinks/sink.ts';

export interface Findings {
  /** Unix milliseconds. */
  since: number; until: number;
  installation: { origin: string; region: string; geography: string; database: 'embedded' | 'external' };
  databaseVersion: string; cells: Cells; planted: Planted; withoutWorker: { task: string; reason: string }[]; results: SinkResult[]; outbound: Outbound;
  engine: { requests: number; surplus: Surplus[] };
  control: ControlResult[];
}
