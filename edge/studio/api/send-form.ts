/** A form with a file in it, whose bytes are counted as they leave: the one thing that `fetch` does not tell. The file is never read into the page. */
import type { OperationId } from '#contract/operations.ts';
import paths from 'virtual:operations';
import { addressOf, ApiError, refusalOf } from './call.ts';
import type { AnswerOf, InputOf } from './call.ts';
import { inProject, sessionHeaders } from './session-headers.ts';

export interface FormSending { project: string; signal: AbortSignal; /** How many bytes of the form are on their way. */ onSent: (bytes: number) => void }

/** @throws ApiError; the abort's own error */
export async function sendForm<I extends OperationId>(id: I, input: Pick<InputOf<I>, 'params'>, form: FormData, { project, signal, onSent }: FormSending): Promise<AnswerOf<I>> {
  const [method] = paths[id] ?? ['POST'];
  const answer = await new Promise<Response>((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    request.open(method, addressOf(id, input));
    for (const [name, value] of Object.entries({ ...attended(sessionHeaders(method)), ...inProject(project) })) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => resolve(answerOf(request));
    request.onabort = () => reject(signal.reason as Error);
    request.onerror = () => reject(new ApiError('unreachable', 'The connection was cut while the file was sent.', 0));
    request.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort);
    request.send(form);
  });
  if (!answer.ok) throw await refusalOf(answer);
  return await answer.json() as AnswerOf<I>;
}

/** An upload is somebody's work for as long as it lasts: the session does not end meanwhile for want of a hand on the mouse. */
const attended = ({ 'x-modelkeep-unattended': _unattended, ...headers }: Record<string, string>): Record<string, string> => headers;

function answerOf(request: XMLHttpRequest): Response {
  const requestId = request.getResponseHeader('x-request-id');
  return new Response(request.responseText, { status: request.status, headers: requestId === null ? {} : { 'x-request-id': requestId } });
}
