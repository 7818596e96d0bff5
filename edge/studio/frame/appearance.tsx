/** Light or dark: as the system has it, unless the person chose otherwise in this tab. */
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { FluentProvider, makeStaticStyles, makeStyles, tokens, webDarkTheme, webLightTheme } from '@fluentui/react-components';

export type Choice = 'system' | 'light' | 'dark';
const Chosen = createContext<{ choice: Choice; dark: boolean; choose: (choice: Choice) => void }>({ choice: 'system', dark: false, choose: () => undefined });
export const useAppearance = (): { choice: Choice; dark: boolean; choose: (choice: Choice) => void } => useContext(Chosen);

// What the provider is given, its portals (menus, dialogs, tooltips) get as well: a height there would lie over the whole page.
const useStyles = makeStyles({ light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, whole: { minHeight: '100dvh', backgroundColor: tokens.colorNeutralBackground2 } });
const useWholePage = makeStaticStyles({ body: { margin: 0 } });
const preferred = window.matchMedia('(prefers-color-scheme: dark)');

export function Appearance({ children }: { children: ReactNode }): ReactNode {
  useWholePage();
  const styles = useStyles();
  const [choice, choose] = useState<Choice>('system');
  const [system, setSystem] = useState(preferred.matches);
  useEffect(() => {
    const follow = (): void => setSystem(preferred.matches);
    preferred.addEventListener('change', follow);
    return () => preferred.removeEventListener('change', follow);
  }, []);
  const dark = choice === 'system' ? system : choice === 'dark';
  const value = useMemo(() => ({ choice, dark, choose }), [choice, dark]);
  return (
    <Chosen.Provider value={value}>
      <FluentProvider theme={dark ? webDarkTheme : webLightTheme} className={dark ? styles.dark : styles.light}><div className={styles.whole}>{children}</div></FluentProvider>
    </Chosen.Provider>
  );
}
