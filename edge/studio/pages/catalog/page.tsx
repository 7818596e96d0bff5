import type { ReactNode } from 'react';
import { Page } from '../../frame/page.tsx';

export default function CatalogPage(): ReactNode {
  return <Page title="Catalog" />;
}
