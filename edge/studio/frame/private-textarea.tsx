/** A field for content: the browser is asked to remember nothing of it and to send nothing of it to a spelling checker. */
import type { ReactNode, Ref } from 'react';
import { Textarea } from '@fluentui/react-components';
import type { TextareaProps } from '@fluentui/react-components';

type Given = Omit<TextareaProps, 'onChange' | 'textarea' | 'ref'> & { onText: (text: string) => void; box?: Ref<HTMLTextAreaElement>; textClass?: string | undefined };

// The component passes `autoComplete` on only to the element itself, by its slot.
export function PrivateTextarea({ onText, box, textClass, ...props }: Given): ReactNode {
  const own = { autoComplete: 'off', spellCheck: false, autoCorrect: 'off', ...(box === undefined ? {} : { ref: box }), ...(textClass === undefined ? {} : { className: textClass }) };
  return <Textarea resize="vertical" {...props} textarea={own} onChange={(_event, { value }) => onText(value)} />;
}
