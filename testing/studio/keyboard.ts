/** A page as somebody uses it who has no mouse. */
import type { Locator, Page } from 'playwright-core';

interface Step { /** Number of the control that has focus. */ at: number; /** What is wrong with the way here. */ wrong: string[]; group: number; members: number }
interface Walk { controls: HTMLElement[]; groups: Element[]; step: () => Step; named: (element: Element) => string }
interface WithWalk { walk: Walk }

/**
 * Goes around the page by Tab, and by arrow keys where controls form a group. A line for each control that neither came to (lists may grow meanwhile), that looks the same focused and not,
 * that Tab does not leave, and for each group whose arrow keys do nothing.
 */
export async function keyboardProblems(page: Page): Promise<string[]> {
  const total = await page.evaluate(prepare);
  const [seen, groups, wrong] = [new Set<number>(), new Set<number>(), new Set<string>()];
  const go = async (key: string): Promise<Step> => {
    await page.keyboard.press(key);
    const step = await page.evaluate(() => (globalThis as unknown as WithWalk).walk.step());
    if (step.at >= 0) seen.add(step.at);
    return step;
  };
  for (let i = 0; i < total * 2 + 300 && seen.size < total; i++) {
    const step = await go('Tab');
    step.wrong.forEach((each) => wrong.add(each));
    if (step.group < 0 || step.members < 2 || groups.has(step.group)) continue;
    groups.add(step.group);
    (await arrowsIn(step, go)).forEach((each) => wrong.add(each));
  }
  (await go('Tab')).wrong.forEach((each) => wrong.add(each));
  // A list with one Tab stop may have moved it to another member meanwhile, or drawn its rows anew; its arrow keys are tested with the list.
  const missed = await page.evaluate((reached) => (globalThis as unknown as WithWalk).walk.controls.flatMap((each, i) => (reached.includes(i) || !each.isConnected || each.matches('[tabindex="-1"]') ? [] : [`never reached: ${(globalThis as unknown as WithWalk).walk.named(each)}`])), [...seen]);
  return [...wrong, ...missed];
}

/** Once around the group, back to where it began. */
async function arrowsIn({ at, group, members }: Step, go: (key: string) => Promise<Step>): Promise<string[]> {
  const wrong: string[] = [];
  let key = 'ArrowRight';
  let step = await go(key);
  if (step.at === at) step = await go(key = 'ArrowDown');
  if (step.at === at || step.group !== group) return [`arrow keys do not move within: ${step.wrong.join()}`];
  for (let i = 1; i < members; i++) { wrong.push(...step.wrong); step = await go(key); }
  return [...wrong, ...step.wrong];
}

/** Runs in the page. @returns how many controls there are. */
function prepare(): number {
  const groupsOf = '[role=tablist], [role=radiogroup], [role=toolbar], [role=menu], [role=listbox]';
  const members = '[role=tab], input[type=radio], [role=radio], [role^=menuitem], [role=option], [role=toolbar] button';
  const isUsable = (each: HTMLElement): boolean => each.checkVisibility({ visibilityProperty: true, opacityProperty: false }) && !each.matches(':disabled, [aria-disabled=true], [tabindex="-1"], [data-tabster-dummy]') && each.closest('[inert], [aria-hidden=true]') === null;
  const within = document.querySelector('[aria-modal=true]') ?? document;
  const controls = [...within.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [role=button], [role=switch], [role=checkbox], [role=combobox], [role=tab], [tabindex="0"]')].filter(isUsable);
  const groups = [...document.querySelectorAll(groupsOf)];
  const named = (each: Element): string => `${each.tagName.toLowerCase()} ${each.getAttribute('aria-label') ?? (each.textContent || (each.closest('label, .fui-Field') ?? each).textContent).slice(0, 40)}`;
  const isClear = (colour: string): boolean => colour === 'transparent' || /^rgba\(.*, 0\)$/.test(colour);
  /** All by which focus may show: on the control, or on what frames it. */
  const lookOf = (of: Element): string => {
    document.getAnimations().forEach((each) => { if (each instanceof CSSTransition) each.finish(); });
    const looks: string[][] = [];
    for (let [each, up] = [of as Element | null, 0]; each !== null && up < 3; [each, up] = [each.parentElement, up + 1]) {
      for (const pseudo of [null, '::before', '::after']) {
        const style = getComputedStyle(each, pseudo);
        const lines = (['outline', 'border-top', 'border-right', 'border-bottom', 'border-left'] as const).map((line) => {
          const [width, kind, colour] = ['width', 'style', 'color'].map((part) => style.getPropertyValue(`${line}-${part}`));
          return kind === 'none' || width === '0px' || isClear(colour ?? '') ? '' : `${width} ${kind} ${colour}`;
        });
        looks.push(pseudo !== null && style.content === 'none' ? [] : [...lines, style.boxShadow, style.backgroundColor, style.textDecoration, pseudo === null ? '' : style.transform]);
      }
    }
    return JSON.stringify(looks);
  };
  let last: { element: Element; look: string } | undefined;
  const step = (): Step => {
    const wrong: string[] = [];
    const now = document.activeElement;
    if (last && last.element === now) wrong.push(`does not let go: ${named(now)}`);
    else if (last && last.element.isConnected && lookOf(last.element) === last.look) wrong.push(`looks the same with focus: ${named(last.element)}`);
    last = now === null || now === document.body || now.matches('[data-tabster-dummy]') ? undefined : { element: now, look: lookOf(now) };
    const group = groups.findIndex((each) => each.contains(now));
    return { at: controls.indexOf(now as HTMLElement), wrong, group, members: [...groups[group]?.querySelectorAll<HTMLElement>(members) ?? []].filter((each) => each.checkVisibility() && !each.matches(':disabled, [aria-disabled=true]')).length };
  };
  (globalThis as unknown as { walk: Walk }).walk = { controls, groups, step, named };
  return controls.length;
}

/** Presses Tab until this has focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await target.evaluateAll((found) => found.some((each) => each === document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${String(target)}`);
}
