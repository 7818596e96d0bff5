/** A project's data: uploading it, what there is of it, and where it lies. */
import type { ReactNode } from 'react';
import { Link as RouterLink, useLocation, useSearch } from 'wouter';
import { Link, Tab, TabList } from '@fluentui/react-components';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { Closed } from '../../encryption/closed.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Page } from '../../frame/page.tsx';
import { DatastoresPart } from './datastores-part.tsx';
import { FilesPart } from './files-part.tsx';
import { UploadPart } from './upload-part.tsx';

export default function DataPage(): ReactNode {
  const { project } = useSignedIn();
  const [, navigate] = useLocation();
  const tab = new URLSearchParams(useSearch()).get('tab') === 'datastores' ? 'datastores' : 'files';
  return (
    <Page title="Data" wide intro={`Files of the project ${project}. Each that is uploaded is sealed in two layers under data keys of its own, which its deletion destroys. The key of one layer can be yours, at a provider of yours.`}>
      <TabList aria-label="Data" selectedValue={tab} onTabSelect={(_event, { value }) => navigate(value === 'datastores' ? '/data?tab=datastores' : '/data', { replace: true })}>
        <Tab id="tab-files" value="files" aria-controls="data-panel">Files</Tab><Tab id="tab-datastores" value="datastores" aria-controls="data-panel">Datastores</Tab>
      </TabList>
      <div id="data-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} style={{ display: 'contents' }}>{tab === 'files' ? <Files /> : <DatastoresPart />}</div>
    </Page>
  );
}

function Files(): ReactNode {
  const session = useSignedIn();
  const { data, error, refetch } = useOperation('listDatastores');
  const encryption = useOperation('showEncryption', {}, { pollMs: 15_000 });
  return (
    <>
      <Closed customerKey={encryption.data?.customerKey ?? null} next={<RouterLink href="/encryption" asChild><Link inline>What to do</Link></RouterLink>} />
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {may(session, 'member') ? <UploadPart datastores={(data?.data ?? []).filter(({ use }) => use === 'sealed')} /> : null}
      <FilesPart />
    </>
  );
}
