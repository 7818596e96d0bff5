/** Where files lie: the installation's own store, and those that the project has added. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Badge, Button, MessageBar, MessageBarBody, Text } from '@fluentui/react-components';
import { Add20Regular, DocumentLink20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { useAct, useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Confirm } from '../../frame/confirm.tsx';
import { Failure } from '../../frame/failure.tsx';
import { bytes, count } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { Row, Rows, RowsWaiting } from '../../frame/rows.tsx';
import { AddDatastore } from './add-datastore.tsx';
import { Designate } from './designate.tsx';
import type { Datastore, StoredFile } from './words.ts';

export function DatastoresPart(): ReactNode {
  const mayChange = may(useSignedIn(), 'member');
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useOperation('listDatastores');
  return (
    <Section title="Datastores" actions={mayChange ? <Button appearance="primary" icon={<Add20Regular />} onClick={() => setAdding(true)}>Add a datastore</Button> : undefined}>
      <Text as="p" block style={{ margin: 0, maxWidth: '90ch' }}>Files that are uploaded are sealed before they reach a datastore: whoever has the datastore alone has bytes that they cannot open. Data that lies in a store of yours already can be designated: it is read where it is, as it is, with a credential of yours.</Text>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <RowsWaiting label="Loading datastores" /> : null}
      <Rows label="Datastores">{data?.data.map((datastore) => <DatastoreRow key={datastore.id} datastore={datastore} mayChange={mayChange} />)}</Rows>
      <CliLine line="npx modelkeep datastores list" />
      {adding ? <AddDatastore onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function placeInWords({ place }: Datastore): string {
  if (place.kind === 's3') return `s3 bucket ${place.bucket}${place.prefix === '' ? '' : `, below ${place.prefix}`}, at ${place.endpoint} (${place.region})`;
  return place.path === null ? 'the installation\'s own disk' : `the folder ${place.path}`;
}

function DatastoreRow({ datastore, mayChange }: { datastore: Datastore; mayChange: boolean }): ReactNode {
  const { id, name, use, geography, files, createdAt } = datastore;
  const [asking, setAsking] = useState(false);
  const [designating, setDesignating] = useState(false);
  const [designated, setDesignated] = useState<StoredFile>();
  const remove = useAct('deleteDatastore');
  return (
    <Row label={name} actions={mayChange ? (
      <>
        {use === 'designated' ? <Button icon={<DocumentLink20Regular />} aria-label={`Designate data in ${name}`} onClick={() => setDesignating(true)}>Designate data</Button> : null}
        {datastore.default ? null : <Button aria-label={`Remove ${name}`} disabledFocusable={files > 0} onClick={() => setAsking(true)}>Remove</Button>}
      </>
    ) : undefined} more={designated ? <MessageBar intent="success" layout="multiline" role="status"><MessageBarBody><bdi>{designated.filename}</bdi> is among the files now{designated.storage === 'sealed' ? ', as a sealed copy' : ''}.</MessageBarBody></MessageBar> : null}>
      <Text weight="semibold">{name}{datastore.default ? <> <Badge appearance="outline">Default</Badge></> : null}</Text>
      <Text size={200}>{use === 'sealed' ? 'For uploads, sealed' : 'For data already there, not sealed'} · {placeInWords(datastore)} · in {geography}</Text>
      <Text size={200}>{count(files)} {files === 1 ? 'file' : 'files'}, {bytes(datastore.bytes)} · added <Moment at={createdAt} />{mayChange && !datastore.default && files > 0 ? ' · can be removed once its files are deleted' : ''}</Text>
      {designating ? <Designate datastore={datastore} onClose={() => setDesignating(false)} onDesignated={(file) => { setDesignated(file); setDesignating(false); }} /> : null}
      <Confirm open={asking} title={`Remove ${name}?`} action="Remove" cli={`npx modelkeep datastores remove ${name}`} pending={remove.isPending} error={remove.error} onClose={() => setAsking(false)} onConfirm={() => remove.mutate({ params: { datastore: id } }, { onSuccess: () => setAsking(false) })}>
        <Text block>Modelkeep forgets where it is, and its credential is destroyed. What lies there otherwise stays as it is.</Text>
      </Confirm>
    </Row>
  );
}
