/** The catalog: search, narrow down, choose. */
import { useCallback, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { QueryClient } from '@tanstack/react-query';
import { Link as RouterLink } from 'wouter';
import { Button, Dropdown, makeStyles, mergeClasses, Option, Skeleton, SkeletonItem, Text, tokens, ToggleButton } from '@fluentui/react-components';
import { Dismiss16Regular, Filter20Regular, Grid20Regular, Table20Regular } from '@fluentui/react-icons';
import { Code, CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { count } from '../../frame/format.ts';
import { Page, Section } from '../../frame/page.tsx';
import { clearSelection, compareAddress, mostCompared, select, showAs, useSelected, useView } from '../../models/selection.ts';
import { cliOf } from './cli-of.ts';
import { Facets, nameOfValue } from './facets.tsx';
import { facetNames, parameterOf, queryOf, useAsked } from './filters.ts';
import type { Asked, Query } from './filters.ts';
import { ModelList } from './model-list.tsx';
import { SearchBox } from './search-box.tsx';
import { askAhead, useModels } from './use-models.ts';
import { useReturn } from './use-return.ts';
import type { Models } from './use-models.ts';

const narrow = '@media (max-width: 1099px)';
const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' }, sort: { minWidth: '150px', [narrow]: { minWidth: '0', flex: '1 1 100px', maxWidth: '180px' } }, gap: { flex: '1 1 0', [narrow]: { display: 'none' } },
  keys: { marginInlineStart: 'auto', color: tokens.colorNeutralForeground2, [narrow]: { display: 'none' } },
  filterButton: { display: 'none', [narrow]: { display: 'inline-flex' } },
  columns: { display: 'grid', gridTemplateColumns: '240px minmax(0, 1fr)', gap: tokens.spacingHorizontalXL, alignItems: 'start', [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' } },
  facets: { [narrow]: { display: 'none' } }, facetsOpen: { [narrow]: { display: 'block' } },
  found: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0 }, count: { minHeight: '32px', display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  tray: {
    position: 'sticky', bottom: tokens.spacingVerticalS, zIndex: 3, display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center', padding: tokens.spacingHorizontalM, borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorBrandStroke1}`, boxShadow: tokens.shadow8,
  },
});
const sorts: Record<NonNullable<Query['sort']>, string> = { name: 'Name', newest: 'Newest first', size: 'Smallest first', parameters: 'Fewest parameters' };

export const ahead = (client: QueryClient): void => askAhead(client, queryOf(new URLSearchParams(window.location.search)));

export default function CatalogPage(): ReactNode {
  const styles = useStyles();
  const asked = useAsked();
  const found = useModels(asked.query);
  const view = useView();
  useReturn(found.total > 0);
  const [open, setOpen] = useState(false);
  const { set } = asked;
  const box = useRef<HTMLInputElement>(null);
  const enter = useRef<() => void>(null);
  const onSearch = useCallback((words: string) => set({ search: words.trim() }), [set]);
  return (
    <Page title="Catalog" wide intro="Models that this installation knows. Pull one, deploy it, and try it; each says where its bytes come from.">
      <div className={styles.bar} role="search">
        <SearchBox value={asked.query.search ?? ''} onSearch={onSearch} onDown={() => enter.current?.()} box={box} />
        <Button className={styles.filterButton} icon={<Filter20Regular />} aria-expanded={open} aria-controls="facets" onClick={() => setOpen(!open)}>Filters</Button>
        <span className={styles.gap} />
        <SortAndView asked={asked} view={view} />
      </div>
      {found.error ? <Failure error={found.error} onRetry={found.retry} /> : null}
      <div className={styles.columns}>
        <div id="facets" className={mergeClasses(styles.facets, open && styles.facetsOpen)} role="group" aria-label="Filters"><Facets facets={found.facets} asked={asked} /></div>
        <div className={styles.found}>
          <Count found={found} asked={asked} />
          {found.loading && !found.error ? <Skeleton aria-label="Loading models"><SkeletonItem size={128} /></Skeleton> : null}
          {!found.loading && found.total === 0 ? <Nothing filtered={asked.filtered} onClear={() => clear(asked)} /> : null}
          {found.total > 0 ? <ModelList found={found} view={view} question={asked.query} enter={enter} leave={() => box.current?.focus()} /> : null}
          <Tray />
        </div>
      </div>
      <CliLine line={cliOf(asked.query)} />
    </Page>
  );
}

const clear = (asked: Asked): void => asked.set(Object.fromEntries(['search', ...facetNames.map(parameterOf)].map((name) => [name, undefined])));

function SortAndView({ asked, view }: { asked: Asked; view: 'cards' | 'table' }): ReactNode {
  const styles = useStyles();
  const sort = asked.query.sort ?? 'name';
  return (
    <>
      <Dropdown className={styles.sort} aria-label="Sort by" value={sorts[sort]} selectedOptions={[sort]} onOptionSelect={(_event, { optionValue }) => asked.set({ sort: optionValue === 'name' ? undefined : optionValue })}>
        {Object.entries(sorts).map(([value, name]) => <Option key={value} value={value}>{name}</Option>)}
      </Dropdown>
      <ToggleButton icon={<Grid20Regular />} checked={view === 'cards'} aria-label="Show as cards" onClick={() => showAs('cards')} />
      <ToggleButton icon={<Table20Regular />} checked={view === 'table'} aria-label="Show as a table" onClick={() => showAs('table')} />
    </>
  );
}

/** How many there are, told to a screen reader when it changes, and what narrows them down. */
function Count({ found, asked }: { found: Models; asked: Asked }): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.count}>
      <Text role="status" aria-live="polite">{found.loading ? 'Loading models' : found.total === 1 ? '1 model' : `${count(found.total)} models`}</Text>
      {facetNames.map((name) => {
        const value = asked.chosen(name);
        return value === undefined ? null : <Button key={name} size="small" shape="circular" icon={<Dismiss16Regular />} iconPosition="after" aria-label={`Remove filter ${nameOfValue(name, value)}`} onClick={() => asked.set({ [parameterOf(name)]: undefined })}>{nameOfValue(name, value)}</Button>;
      })}
      {asked.filtered ? <Button size="small" appearance="transparent" onClick={() => clear(asked)}>Clear all</Button> : null}
      <Text id="models-keys" size={200} className={styles.keys}>Keys: ↓ from the search to the models, arrows between them, Enter opens, Space compares</Text>
    </div>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }): ReactNode {
  if (filtered) return <Section label="No model"><Empty title="No model matches" action={<Button onClick={onClear}>Clear all</Button>}>All words must occur in name, publisher, summary, licence or task. Try fewer words, or remove a filter.</Empty></Section>;
  return <Section label="No model"><Empty title="The catalog is empty" action={<Code text="npx modelkeep models import FILE" what="command that imports a model" />}>A model comes into it by a manifest: a file that says its name, licence and where its bytes are. docs/catalog.md shows one.</Empty></Section>;
}

/** What was chosen for comparison, over changes of filter and page. */
function Tray(): ReactNode {
  const styles = useStyles();
  const selected = useSelected();
  if (selected.length === 0) return null;
  return (
    <div className={styles.tray} role="region" aria-label="Chosen for comparison">
      <Text aria-live="polite">{selected.length} of {mostCompared} chosen</Text>
      {selected.map((name) => <Button key={name} size="small" icon={<Dismiss16Regular />} iconPosition="after" aria-label={`Do not compare ${name}`} onClick={() => select(name, false)}>{name}</Button>)}
      <span className={styles.gap} />
      <Button appearance="transparent" onClick={clearSelection}>Choose none</Button>
      {selected.length > 1 ? <RouterLink href={compareAddress(selected)} asChild><Button as="a" appearance="primary">Compare</Button></RouterLink> : <Text>Choose another to compare</Text>}
    </div>
  );
}
