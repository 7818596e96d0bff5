import type { operations } from '#contract/operations.ts';
import { filesOf, findFile, viewFile } from '../../files/find-file.ts';
import type { Handler } from '../handler.ts';

export const listFiles: Handler<typeof operations.listFiles> = async ({ project, query }, { storage }) => await storage.read(async (db) => {
  const { purpose, limit, after, order } = query;
  const from = after === undefined ? undefined : await findFile(db, project.id, after);
  const comparison = order === 'desc' ? '<' : '>';
  const rows = await filesOf(db, project.id).$if(purpose !== undefined, (select) => select.where('files.purpose', '=', purpose ?? 'fine-tune'))
    .$if(from !== undefined, (select) => select.where((eb) => eb(eb.refTuple('files.created_at', 'files.id'), comparison, eb.tuple(from?.created_at ?? '', from?.id ?? ''))))
    .orderBy('files.created_at', order).orderBy('files.id', order).limit(limit + 1).execute();
  const data = rows.slice(0, limit).map(viewFile);
  return { object: 'list', data, has_more: rows.length > limit, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
});
