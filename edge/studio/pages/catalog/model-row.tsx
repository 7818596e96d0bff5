/** A model in the list, as a row of the table. */
import { memo } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Link, makeStyles, mergeClasses, SkeletonItem, tokens } from '@fluentui/react-components';
import { PullBadge } from '../../models/model-badges.tsx';
import { parametersOf, sizeOf, taskNames } from '../../models/words.ts';
import { Choose } from './choose.tsx';
import { placeOf } from './model-card.tsx';
import type { Shown } from './model-card.tsx';

const useStyles = makeStyles({
  row: { display: 'grid', gridTemplateColumns: '44px minmax(0, 3fr) minmax(0, 2fr) minmax(0, 1.4fr) minmax(0, 1.6fr) 96px 96px 196px', alignItems: 'center', columnGap: tokens.spacingHorizontalS, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, fontSize: tokens.fontSizeBase300, minHeight: '36px' },
  head: { fontWeight: tokens.fontWeightSemibold, minHeight: '40px' }, cell: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }, hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' }, number: { textAlign: 'end', fontVariantNumeric: 'tabular-nums' },
});
const columns = ['Compare', 'Model', 'Publisher', 'Task', 'Licence', 'Parameters', 'Size', 'State'] as const;
const numeric = new Set<string>(['Parameters', 'Size']);

function Heading(): ReactNode {
  const styles = useStyles();
  return <div role="rowgroup"><div role="row" aria-rowindex={1} className={mergeClasses(styles.row, styles.head)}>{columns.map((name, i) => <span key={name} role="columnheader" className={mergeClasses(styles.cell, numeric.has(name) && styles.number)} ><span className={i === 0 ? styles.hidden : undefined}>{name}</span></span>)}</div></div>;
}
export const heading = <Heading />;

export const ModelRow = memo(function ModelRow({ model, className, at, stop, ...place }: Shown): ReactNode {
  const styles = useStyles();
  const row = { role: 'row', 'aria-rowindex': at + 2, 'data-at': at, className: mergeClasses(styles.row, className), style: placeOf(place) };
  if (!model) return <div {...row} aria-busy tabIndex={-1}><span role="cell" /><span role="cell"><SkeletonItem size={20} /></span></div>;
  const cells: ReactNode[] = [
    <Choose key="c" name={model.name} />, <RouterLink key="n" href={`/catalog/${encodeURIComponent(model.name)}`} asChild><Link tabIndex={stop ? 0 : -1}><bdi>{model.displayName}</bdi></Link></RouterLink>, <bdi key="p">{model.publisher}</bdi>,
    taskNames[model.task], model.licence, parametersOf(model.parameters), sizeOf(model), <PullBadge key="b" model={model} />,
  ];
  return <div {...row}>{cells.map((cell, i) => <span key={columns[i]} role="cell" className={mergeClasses(styles.cell, numeric.has(columns[i] ?? '') && styles.number)}>{cell}</span>)}</div>;
});
