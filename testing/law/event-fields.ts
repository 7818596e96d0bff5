/** The fields of telemetry events, found in the text of an events.ts: what is handed to its `emit`. */
import ts from 'typescript';

export interface EventField { event: string; field: string; /** As it is written. */ type: string }

/** Types of the parameters around a node, by name. */
function parametersAround(node: ts.Node): Map<string, string> {
  const types = new Map<string, string>();
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    if (ts.isArrowFunction(at) || ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) for (const { name, type } of at.parameters) types.set(name.getText(), type?.getText() ?? contextual(at, name.getText()));
  }
  return types;
}

/** The type of a parameter that has none of its own: that of the method of the same name in an interface of the file. */
function contextual(fn: ts.SignatureDeclaration, parameter: string): string {
  const name = ts.isPropertyAssignment(fn.parent) ? fn.parent.name.getText() : '';
  let found = 'unknown';
  const visit = (node: ts.Node): void => {
    if (ts.isMethodSignature(node) && node.name.getText() === name) found = node.parameters.find((each) => each.name.getText() === parameter)?.type?.getText() ?? found;
    ts.forEachChild(node, visit);
  };
  visit(fn.getSourceFile());
  return found;
}

function membersOf(file: ts.SourceFile, type: string): [name: string, type: string][] | undefined {
  const declaration = file.statements.find((statement): statement is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(statement) && statement.name.text === type);
  return declaration?.members.filter(ts.isPropertySignature).map((member) => [member.name.getText(), member.type?.getText() ?? 'unknown']);
}

/** @throws where what is handed over cannot be read from the text: a check that cannot be made has failed. */
function fieldsOf(object: ts.Expression | undefined, file: ts.SourceFile): [field: string, type: string][] {
  if (!object) return [];
  if (!ts.isObjectLiteralExpression(object)) throw new TypeError(`the fields are not written out: ${object.getText()}`);
  const types = parametersAround(object);
  return object.properties.flatMap((property): [string, string][] => {
    if (ts.isShorthandPropertyAssignment(property)) return [[property.name.text, types.get(property.name.text) ?? 'unknown']];
    if (ts.isPropertyAssignment(property)) return [[property.name.getText(), types.get(property.initializer.getText()) ?? 'unknown']];
    const members = ts.isSpreadAssignment(property) ? membersOf(file, types.get(property.expression.getText()) ?? '') : undefined;
    if (!members) throw new TypeError(`the fields are not written out: ${property.getText()}`);
    return members;
  });
}

export function eventFields(text: string): EventField[] {
  const file = ts.createSourceFile('events.ts', text, ts.ScriptTarget.Latest, true);
  const found: EventField[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'emit') {
      const [event, fields] = node.arguments;
      if (!event || !ts.isStringLiteral(event)) throw new TypeError(`the event has no fixed name: ${node.getText()}`);
      for (const [field, type] of fieldsOf(fields, file)) found.push({ event: event.text, field, type });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
