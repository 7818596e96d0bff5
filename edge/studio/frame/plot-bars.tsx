/** The drawing of a plot, in pixels of the place that it has. What it says is said in words beside it, so it is hidden from screen readers. */
import type { ReactNode } from 'react';
import { tokens } from '@fluentui/react-components';
import type { Series } from './plot.tsx';
import { short } from './format.ts';

export const colours = [
  tokens.colorPaletteBlueBorderActive, tokens.colorPaletteMarigoldBorderActive, tokens.colorPaletteTealBorderActive, tokens.colorPaletteBerryBorderActive, tokens.colorPaletteGreenBorderActive,
  tokens.colorPalettePurpleBorderActive, tokens.colorNeutralForeground3,
] as const;
const margin = { left: 48, right: 8, top: 8, bottom: 24 };

/** The next of 1, 2, 5 times a power of ten: where an axis ends. Counts have no halves. */
function ceiling(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

interface Drawn { series: readonly Series[]; width: number; height: number; chosen: number | undefined; written: (at: string) => string }

export function Bars({ series, width, height, chosen, written }: Drawn): ReactNode {
  const steps = series[0]?.points ?? [];
  if (width === 0 || steps.length === 0) return null;
  const top = ceiling(Math.max(...steps.map((_point, i) => series.reduce((sum, { points }) => sum + (points[i]?.value ?? 0), 0))));
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const slot = inner.width / steps.length;
  const y = (value: number): number => margin.top + inner.height * (1 - value / top);
  const every = Math.ceil(steps.length / Math.max(1, Math.floor(inner.width / 80)));
  return (
    <svg width={width} height={height} aria-hidden="true" focusable="false">
      {[0, top / 2, top].map((value) => (
        <g key={value}>
          <line x1={margin.left} x2={width - margin.right} y1={y(value)} y2={y(value)} stroke={tokens.colorNeutralStroke2} />
          <text x={margin.left - 6} y={y(value) + 4} textAnchor="end" fontSize="12" fill={tokens.colorNeutralForeground2}>{short(value)}</text>
        </g>
      ))}
      {chosen === undefined ? null : <rect x={margin.left + chosen * slot} y={margin.top} width={slot} height={inner.height} fill={tokens.colorNeutralBackground1Hover} />}
      {steps.map(({ at }, i) => <Stack key={at} series={series} i={i} x={margin.left + i * slot} slot={slot} y={y} />)}
      {steps.map(({ at }, i) => (i % every === 0 ? <text key={at} x={Math.min(margin.left + (i + 0.5) * slot, width - 28)} y={height - 6} textAnchor="middle" fontSize="12" fill={tokens.colorNeutralForeground2}>{written(at)}</text> : null))}
    </svg>
  );
}

function Stack({ series, i, x, slot, y }: { series: readonly Series[]; i: number; x: number; slot: number; y: (value: number) => number }): ReactNode {
  const gap = Math.max(Math.min(4, slot * 0.15), (slot - 64) / 2);
  let below = 0;
  return series.map(({ name, points }, at) => {
    const value = points[i]?.value ?? 0;
    const [bottom, top] = [y(below), y(below + value)];
    below += value;
    return value === 0 ? null : <rect key={name} x={x + gap} y={top} width={Math.max(1, slot - 2 * gap)} height={Math.max(1, bottom - top)} fill={colours[at % colours.length]} />;
  });
}
