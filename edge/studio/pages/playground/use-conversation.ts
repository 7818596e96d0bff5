/** A conversation with one deployment, in the page's memory and nowhere else. It is gone with the page. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/call.ts';
import { chat } from '../../exchange/exchange.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { checkReceipt } from '../../exchange/verified-receipt.ts';
import type { CheckedReceipt } from '../../exchange/verified-receipt.ts';
import { requestOf } from './parameters.ts';
import type { Parameters } from './parameters.ts';

export interface Turn { id: number; question: string; answer: string; running: boolean; exchange?: Exchange; error?: Error; checked?: CheckedReceipt; checkError?: Error }
export interface Conversation { turns: readonly Turn[]; busy: boolean; ask: (question: string, parameters: Parameters) => void; retry: (parameters: Parameters) => void; stop: () => void; clear: () => void; takeBack: () => string }

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error('unknown'));

export function useConversation(deployment: string): Conversation {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const running = useRef<AbortController>(null);
  const page = useRef(new AbortController());
  const next = useRef(0);
  useEffect(() => {
    page.current = new AbortController();
    return () => { page.current.abort(); running.current?.abort(); };
  }, []);

  const run = useCallback((question: string, before: readonly Turn[], parameters: Parameters): void => {
    const id = next.current++;
    const controller = new AbortController();
    running.current = controller;
    const change = (make: (turn: Turn) => Partial<Turn>): void => setTurns((all) => all.map((turn) => (turn.id === id ? { ...turn, ...make(turn) } : turn)));
    const said = before.filter(({ error }) => !error).flatMap(({ question: asked, answer }) => [{ role: 'user' as const, content: asked }, { role: 'assistant' as const, content: answer }]);
    setTurns([...before, { id, question, answer: '', running: true }]);
    const answered = async (): Promise<void> => {
      const exchange = await chat(requestOf(deployment, parameters, [...said, { role: 'user', content: question }]), (piece) => change(({ answer }) => ({ answer: answer + piece })), controller.signal);
      change(() => ({ running: false, exchange, ...(exchange.refusal ? { error: exchange.refusal } : {}) }));
      // Stopped before the first byte of an answer: nobody knows its request id, so there is no receipt to ask for.
      if (exchange.requestId === '') return;
      await checkReceipt(exchange, page.current.signal).then((checked) => change(() => ({ checked })), (error: unknown) => { if (!page.current.signal.aborted) change(() => ({ checkError: asError(error) })); });
    };
    answered().catch((error: unknown) => change(() => ({ running: false, error: error instanceof ApiError ? error : asError(error) })));
  }, [deployment]);

  return {
    turns, busy: turns.at(-1)?.running ?? false,
    ask: (question, parameters) => run(question, turns, parameters),
    retry: (parameters) => { const last = turns.at(-1); if (last) run(last.question, turns.slice(0, -1), parameters); },
    stop: () => running.current?.abort(),
    clear: () => { running.current?.abort(); setTurns([]); },
    takeBack: () => { const last = turns.at(-1); setTurns(turns.slice(0, -1)); return last?.question ?? ''; },
  };
}
