/** The pages: where each is, what it is called, and its code, which comes when it is opened. A new page is a line here and a folder beside the others. */
import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { FluentIcon } from '@fluentui/react-icons';
import type { QueryClient } from '@tanstack/react-query';
import { BookDatabase20Regular, BoxMultiple20Regular, ChartMultiple20Regular, Chat20Regular, ClipboardCheckmark20Regular, Flowchart20Regular, DocumentLock20Regular, Key20Regular, Receipt20Regular, Rocket20Regular, Settings20Regular, ShieldCheckmark20Regular } from '@fluentui/react-icons';

/** `ahead`: asks for what the page shows first, before it is rendered. */
type Load = () => Promise<{ default: ComponentType; ahead?: (client: QueryClient) => void }>;
export interface PageEntry {
  path: string; title: string; page: LazyExoticComponent<ComponentType>; load: Load;
  /** Where it stands in the navigation, if it does. */
  nav?: { group: 'Models' | 'Data' | 'Proof' | 'Installation'; icon: FluentIcon };
}
const entry = (path: string, title: string, load: Load, nav?: PageEntry['nav']): PageEntry => ({ path, title, load, page: lazy(load), ...(nav ? { nav } : {}) });

export const pages: readonly PageEntry[] = [
  entry('/catalog', 'Catalog', () => import('../pages/catalog/page.tsx'), { group: 'Models', icon: BoxMultiple20Regular }),
  entry('/catalog/:model', 'Model', () => import('../pages/model/page.tsx')),
  entry('/compare', 'Compare models', () => import('../pages/compare/page.tsx')),
  entry('/deployments', 'Deployments', () => import('../pages/deployments/page.tsx'), { group: 'Models', icon: Rocket20Regular }),
  entry('/deployments/new', 'Deploy a model', () => import('../pages/deploy/page.tsx')),
  entry('/deployments/:deployment', 'Deployment', () => import('../pages/deployment/page.tsx')),
  entry('/playground', 'Playground', () => import('../pages/playground/page.tsx'), { group: 'Models', icon: Chat20Regular }),
  entry('/usage', 'Usage', () => import('../pages/usage/page.tsx'), { group: 'Models', icon: ChartMultiple20Regular }),
  entry('/data', 'Data', () => import('../pages/data/page.tsx'), { group: 'Data', icon: DocumentLock20Regular }),
  entry('/encryption', 'Encryption', () => import('../pages/encryption/page.tsx'), { group: 'Data', icon: Key20Regular }),
  entry('/deletions/:object', 'Deletion', () => import('../pages/deletion/page.tsx')),
  entry('/promises', 'Promises', () => import('../pages/promises/page.tsx'), { group: 'Proof', icon: ShieldCheckmark20Regular }),
  entry('/ledger', 'Ledger', () => import('../pages/ledger/page.tsx'), { group: 'Proof', icon: BookDatabase20Regular }),
  entry('/receipts', 'Receipts', () => import('../pages/receipts/page.tsx'), { group: 'Proof', icon: Receipt20Regular }),
  entry('/data-map', 'Data map', () => import('../pages/data-map/page.tsx'), { group: 'Proof', icon: Flowchart20Regular }),
  entry('/audits', 'Audits', () => import('../pages/audits/page.tsx'), { group: 'Proof', icon: ClipboardCheckmark20Regular }),
  entry('/settings', 'Settings', () => import('../pages/settings/page.tsx'), { group: 'Installation', icon: Settings20Regular }),
];
