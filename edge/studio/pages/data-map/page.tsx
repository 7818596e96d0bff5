/** The data map as a picture: choose a kind of data and see everywhere it is, and everywhere it can go. */
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { Button, makeStyles, Skeleton, SkeletonItem, Subtitle2, Text, ToggleButton, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular } from '@fluentui/react-icons';
import type { DataMap, MappedClass } from '#contract/data-map/data-map.ts';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { download } from '../../frame/download.ts';
import { Failure } from '../../frame/failure.tsx';
import { Page, Section } from '../../frame/page.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';
import { Table } from '../../frame/table.tsx';
import { graphOf } from './graph.ts';
import { Picture } from './picture.tsx';

const useStyles = makeStyles({ classes: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS }, quiet: { color: tokens.colorNeutralForeground2 } });
const intro = 'Everything that this installation processes, where, for how long, and who may be sent it. It is generated from the code\'s own contract: the build fails where code, database and map differ.';

export default function DataMapPage(): ReactNode {
  const { data, error, refetch } = useOperation('showDataMap');
  const map = data as DataMap | undefined;
  return (
    <Page title="Data map" wide intro={intro} actions={map ? <Button icon={<ArrowDownload20Regular />} onClick={() => download('data-map.json', `${JSON.stringify(map, null, 1)}\n`, 'application/json')}>Download JSON</Button> : undefined}>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!map && !error ? <Skeleton aria-label="Loading the data map"><SkeletonItem style={{ height: '640px' }} /></Skeleton> : null}
      {map ? <MapView map={map} /> : null}
      <CliLine line="npx modelkeep data-map" />
    </Page>
  );
}

const placeOf = (map: DataMap, id: string): string => map.processes.find((each) => each.id === id)?.name ?? id;
const listed = (items: readonly string[], none: string): string => (items.length === 0 ? none : items.join(', '));
const isColumn = (place: string): boolean => /^[a-z_]+\.[a-z_0-9]+$/.test(place) && !place.startsWith('ca.');
const storedIn = (each: MappedClass): string[] => [...new Set(each.storedIn.map(({ place }) => (isColumn(place) ? `table ${place.split('.')[0] ?? ''}` : place)))];
/** A class in one sentence. */
const inWords = (map: DataMap, each: MappedClass): string => `${each.name}: in the memory of ${listed(each.processed.map(({ process }) => placeOf(map, process)), 'nobody')}; stored ${each.storedIn.length === 0 ? 'nowhere' : `in ${listed(storedIn(each), 'nowhere')}`}; may be sent to ${listed(each.mayGoTo.map(({ name }) => name), 'nobody')}.`;

function MapView({ map }: { map: DataMap }): ReactNode {
  const styles = useStyles();
  const [params, setParams] = useSearchParams();
  const graph = useMemo(() => graphOf(map), [map]);
  const chosen = map.classes.find(({ id }) => id === params.get('class'));
  const choose = (id: string | undefined): void => setParams(id === undefined ? {} : { class: id }, { replace: true });
  return (
    <>
      <Section title="Choose what to follow">
        <div className={styles.classes} role="group" aria-label="Classes of data">
          {map.classes.map(({ id, name }) => <ToggleButton key={id} size="small" checked={chosen?.id === id} onClick={() => choose(chosen?.id === id ? undefined : id)}>{name}</ToggleButton>)}
        </div>
        <Text role="status" className={styles.quiet}>{chosen ? inWords(map, chosen) : map.promise}</Text>
        <Picture graph={graph} chosen={chosen?.id} label={chosen ? `Picture of the data map with one class lit. ${inWords(map, chosen)}` : `Picture of the data map: ${graph.boxes.length} processes, stores and destinations, and ${graph.arrows.length} ways between them. The tables below say the same.`} />
      </Section>
      {chosen ? <Chosen map={map} chosen={chosen} /> : <All map={map} onChoose={choose} />}
    </>
  );
}

const protections: Readonly<Record<string, string>> = { none: 'none: public by design', disk: 'file mode or database login, and the disk\'s own encryption', keyed_hash: 'only a keyed hash is stored', password_hash: 'only argon2id with a salt is stored', passphrase: 'encrypted under a passphrase of the operator\'s', root_key: 'signed under the root key', two_layers: 'AES-256-GCM in two layers, under keys in key custody', wrapped: 'AES-256-GCM under a key of key custody or of the customer\'s provider' };

/** A row for each table or file; columns of one table that are protected and kept alike share it. */
function placesOf({ storedIn: places }: MappedClass): string[][] {
  const rows = new Map<string, { cells: string[]; columns: string[] }>();
  for (const { place, protection, kept, readers, note } of places) {
    const [table, column] = isColumn(place) ? place.split('.') : [place];
    const cells = [protections[protection] ?? protection, kept, readers];
    const name = JSON.stringify([table, cells]);
    const row = rows.get(name) ?? { cells: [column === undefined ? place : `Table ${table ?? ''}`, ...cells], columns: [] };
    row.columns.push(...(column === undefined ? (note === undefined ? [] : [note]) : [note === undefined ? column : `${column} (${note})`]));
    rows.set(name, row);
  }
  return [...rows.values()].map(({ cells: [place = '', ...cells], columns }) => [columns.length === 0 ? place : `${place}: ${columns.join(', ')}`, ...cells]);
}

function Chosen({ map, chosen }: { map: DataMap; chosen: MappedClass }): ReactNode {
  const { name, means, group, processed, mayGoTo } = chosen;
  return (
    <Section title={name} actions={group === 'content' ? <StateBadge look={chosen.storedIn.length === 0 ? 'good' : 'bad'}>{chosen.storedIn.length === 0 ? 'Stored nowhere' : 'Stored'}</StateBadge> : undefined}>
      <Text>{means}.</Text>
      <Subtitle2 as="h3">In memory</Subtitle2>
      <Table label={`${name} in memory`} headings={['Process', 'For how long']} rows={processed.map(({ process, held }) => [placeOf(map, process), held])} />
      <Subtitle2 as="h3">Stored</Subtitle2>
      {chosen.storedIn.length === 0 ? <Text>Nowhere.</Text> : <Table label={`${name} stored`} headings={['Place', 'Protection', 'Kept', 'Who can read it']} rows={placesOf(chosen)} />}
      <Subtitle2 as="h3">May be sent to</Subtitle2>
      {mayGoTo.length === 0 ? <Text>Nobody.</Text> : <Table label={`${name} may be sent to`} headings={['Destination', 'On whose order']} rows={mayGoTo.map((each) => [each.name, each.order])} />}
    </Section>
  );
}

function All({ map, onChoose }: { map: DataMap; onChoose: (id: string) => void }): ReactNode {
  return (
    <Section title="All classes">
      <Table label="Classes of data" headings={['Class', 'In the memory of', 'Stored in', 'May be sent to']} rows={map.classes.map((each) => [
        <Button key={each.id} appearance="transparent" size="small" onClick={() => onChoose(each.id)}>{each.name}</Button>, listed(each.processed.map(({ process }) => placeOf(map, process)), 'nobody'), listed(storedIn(each), 'nowhere'), listed(each.mayGoTo.map(({ name }) => name), 'nobody'),
      ])} />
    </Section>
  );
}
