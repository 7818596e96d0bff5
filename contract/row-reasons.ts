/** Why a row of an uploaded file is not taken: a closed list, a sentence each, without anything of the row. Apart from its schema, so that the studio has the sentences without the schemas. */
export const rowReasons = {
  // The line
  byte_order_mark: 'The file begins with a byte order mark. Save it as UTF-8 without one.',
  not_utf8: 'The row is not UTF-8.',
  row_too_long: 'The row is longer than 1 MiB.',
  row_empty: 'The line is empty. Only at the end of the file may lines be empty.',
  not_json: 'The row is not JSON. Each line is one whole JSON object.',
  not_an_object: 'The row is JSON, but no object.',
  too_deep: 'The row is nested more than 64 levels deep.',
  key_twice: 'An object of the row has the same key twice.',
  key_forbidden: 'An object of the row has the key "__proto__".',
  no_rows: 'The file has no rows.',
  // Any row of a known form
  unknown_key: 'The row has a key, at its top or in a message, a part, a tool or a tool call, that this form of row does not have.',
  // fine-tune
  kind_unknown: 'The row is none of: a chat ("messages"), a completion ("prompt" and "completion"), a preference ("input", "preferred_output" and "non_preferred_output").',
  kinds_mixed: 'The row is of another kind than the rows before it. A file has chats, completions or preferences, and one of them only.',
  messages_invalid: 'The messages are not a list of at least one object.',
  role_invalid: 'A message has no role that is allowed there: system, developer, user, assistant, tool or function, and in an output assistant or tool.',
  content_invalid: 'The content of a message is neither text nor a list of text parts. Only an assistant that calls a tool or refuses may leave it out.',
  name_invalid: 'A name is not 1 to 64 letters, digits, hyphens and underscores. A message of the role function must have one.',
  weight_invalid: 'A weight is neither 0 nor 1, or a message that is not the assistant\'s has one.',
  tool_calls_invalid: 'The tool calls of a message are not a list of {"id", "type": "function", "function": {"name", "arguments"}} with the arguments as text.',
  tool_call_unknown: 'A tool\'s message answers no tool call of a message before it.',
  tools_invalid: 'The tools or functions are not a list of functions, each with a name and its parameters as a JSON schema, or "parallel_tool_calls" is not true or false.',
  no_assistant: 'No message is the assistant\'s: there is nothing to learn.',
  last_not_assistant: 'The last message is not the assistant\'s.',
  nothing_to_learn: 'Every message of the assistant has the weight 0, or the completion is empty.',
  completion_invalid: 'The prompt or the completion is missing, or is not text.',
  preference_invalid: 'The input of a preference is not an object, or one of its outputs is missing.',
  // batch
  custom_id_invalid: 'The custom_id is not text of 1 to 512 characters.',
  custom_id_twice: 'The custom_id was used by a row before.',
  method_invalid: 'The method is not POST.',
  url_invalid: 'The url is none of /v1/chat/completions, /v1/completions, /v1/embeddings.',
  url_mixed: 'The url is another one than that of the rows before. A batch is for one operation.',
  body_invalid: 'The body is not an object.',
  too_many_rows: 'A file for batch has more than 100,000 rows.',
} as const;
export type RowReason = keyof typeof rowReasons;
