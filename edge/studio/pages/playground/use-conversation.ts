/** A conversation with one deployment, in the page's memory and nowhere else. It is gone with the page. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { chat } from '../../exchange/exchange.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { checkReceipt } from '../../exchange/verified-receipt.ts';
import type { CheckedReceipt, Checking } from '../../exchange/verified-receipt.ts';
import { requestOf } from './parameters.ts';
import type { Parameters } from './parameters.ts';

export interface Turn { id: number; question: string; answer: string; running: boolean; /** JSON was asked for. */ json?: boolean; exchange?: Exchange; error?: Error | undefined; checking?: Checking; checked?: CheckedReceipt | undefined; checkError?: Error | undefined }
export interface Conversation {
  turns: readonly Turn[]; busy: boolean;
  ask: (question: string, parameters: Parameters) => void; retry: (parameters: Parameters) => void; stop: () => void; clear: () => void;
  /** Takes the last question out, for it to be asked in other words. */
  takeBack: () => string;
  checkAgain: (turn: Turn) => void;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error('unknown'));
/** What the model is told of what was said before: turns that failed or said nothing are left out. */
const saidIn = (turns: readonly Turn[]): { role: 'user' | 'assistant'; content: string }[] =>
  turns.filter(({ error, answer }) => !error && answer !== '').flatMap(({ question, answer }) => [{ role: 'user' as const, content: question }, { role: 'assistant' as const, content: answer }]);

export function useConversation(deployment: string): Conversation {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const running = useRef<AbortController>(null);
  const page = useRef(new AbortController());
  const next = useRef(0);
  useEffect(() => {
    page.current = new AbortController();
    return () => { page.current.abort(); running.current?.abort(); };
  }, []);
  const change = useCallback((id: number, make: (turn: Turn) => Partial<Turn>): void => setTurns((all) => all.map((turn) => (turn.id === id ? { ...turn, ...make(turn) } : turn))), []);

  const check = useCallback((id: number, exchange: Exchange): void => {
    const { signal } = page.current;
    change(id, () => ({ checked: undefined, checkError: undefined }));
    checkReceipt(exchange, { signal, onStep: (checking) => change(id, () => ({ checking })) })
      .then((checked) => change(id, () => ({ checked })), (error: unknown) => { if (!signal.aborted) change(id, () => ({ checkError: asError(error) })); });
  }, [change]);

  const run = useCallback((question: string, before: readonly Turn[], parameters: Parameters): void => {
    const id = next.current++;
    const controller = new AbortController();
    running.current = controller;
    setTurns([...before, { id, question, answer: '', running: true, json: parameters.format !== 'text' }]);
    const answered = async (): Promise<void> => {
      const exchange = await chat(requestOf(deployment, parameters, [...saidIn(before), { role: 'user', content: question }]), (piece) => change(id, ({ answer }) => ({ answer: answer + piece })), controller.signal);
      change(id, () => ({ running: false, exchange, error: exchange.refusal ?? undefined }));
      if (exchange.requestId !== '') check(id, exchange);
    };
    answered().catch((error: unknown) => change(id, () => ({ running: false, error: asError(error) })));
  }, [deployment, change, check]);

  return {
    turns, busy: turns.at(-1)?.running ?? false,
    ask: (question, parameters) => run(question, turns, parameters),
    retry: (parameters) => { const last = turns.at(-1); if (last) run(last.question, turns.slice(0, -1), parameters); },
    stop: () => running.current?.abort(),
    clear: () => { running.current?.abort(); setTurns([]); },
    takeBack: () => { const last = turns.at(-1); setTurns(turns.slice(0, -1)); return last?.question ?? ''; },
    checkAgain: ({ id, exchange }) => { if (exchange) check(id, exchange); },
  };
}
