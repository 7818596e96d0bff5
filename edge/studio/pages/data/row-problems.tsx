/** Rows that the purpose of a file does not allow: by their lines, in sentences, never what stands in them. */
import type { ReactNode } from 'react';
import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { rowReasons } from '#contract/row-reasons.ts';
import type { ApiError } from '../../api/call.ts';
import { count } from '../../frame/format.ts';
import { Table } from '../../frame/table.tsx';

/** `designated`: data that lies where its owner has it. */
export function RowProblems({ name, error: { rows, moreRows }, designated = false }: { name: string; error: ApiError; designated?: boolean }): ReactNode {
  return (
    <>
      <MessageBar intent="error" layout="multiline" role="alert"><MessageBarBody><MessageBarTitle>{designated ? 'It was not taken' : 'Nothing of this file was stored'}: it has rows that its purpose does not allow.</MessageBarTitle> {moreRows ? `There are more than these first ${count(rows.length)}. ` : ''}Correct them{designated ? ' where they lie, and designate it again' : ', and choose the file again'}.</MessageBarBody></MessageBar>
      <Table label={`Rows of ${name} that are wrong`} numbers={[0]} headings={['Line', 'What is wrong']} rows={rows.map(({ line, reason }) => [count(line), <>{rowReasons[reason] ?? 'It is wrong in a way that this page does not know.'} <code key="code">{reason}</code></>])} />
    </>
  );
}
