import type { ReactNode } from 'react';
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useAct } from '../../api/use-operation.ts';
import { Confirm } from '../../frame/confirm.tsx';
import { bytes } from '../../frame/format.ts';
import type { StoredFile } from './words.ts';

const useStyles = makeStyles({ words: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, marginBottom: tokens.spacingVerticalM, overflowWrap: 'anywhere' }, steps: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL } });

export function DeleteFile({ file, onDeleted, onClose }: { file: StoredFile; onDeleted: () => void; onClose: () => void }): ReactNode {
  const styles = useStyles();
  const act = useAct('deleteFile');
  const { id, filename, storage, datastore } = file;
  return (
    <Confirm open title="Delete this file?" action="Delete the file" cli={`npx modelkeep data delete ${id}`} pending={act.isPending} error={act.error} onConfirm={() => act.mutate({ params: { file: id } }, { onSuccess: onDeleted })} onClose={onClose}>
      <div className={styles.words}>
        <Text weight="semibold"><bdi>{filename}</bdi>, {bytes(file.bytes)}</Text>
        {storage === 'designated' ? <Text>Modelkeep forgets it. The data itself stays where it lies, in the datastore {datastore}: it was never copied.</Text> : (
          <ol className={styles.steps}>
            <li>Its data keys are destroyed: from then on nothing that Modelkeep has opens its bytes, wherever a copy of them lies.</li>
            <li>Its bytes are erased from the datastore {datastore}.</li>
            <li>Every copy that Modelkeep knows of is tried, and what came of it is entered in the ledger as a certificate.</li>
          </ol>
        )}
        <Text>This cannot be taken back.</Text>
      </div>
    </Confirm>
  );
}
