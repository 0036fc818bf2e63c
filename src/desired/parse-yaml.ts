/**
 * All of YAML 1.2, by the `yaml` package. What a desired state has no use for (several documents, other versions of
 * YAML) is refused here; yaml-tree.ts makes our tree of the rest.
 *
 * The package's composer recurses, and near the end of the stack V8 may abort the whole process, uncatchably. So
 * its parser (which doesn't recurse) runs first, and its composer only sees what is known to be shallow.
 */
import { Composer, type CST, isScalar, type Node, Parser } from 'yaml';
import { oddIndent, withSpaces } from './odd-indent.ts';
import type { SourceNode } from './source.ts';
import { DEEPEST, SyntaxProblem, tooDeep } from './syntax.ts';
import { yamlTree } from './yaml-tree.ts';
import { type LongString, yamlProblems } from './yaml-words.ts';

export interface ParsedTree {
  /** undefined: the file holds nothing, or its structure can't be known. */
  readonly root: SourceNode | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/** Throws a `SyntaxProblem` where the text as a whole is refused. */
export function parseYaml(text: string): ParsedTree {
  const tokens = [...new Parser().parse(text)];
  const longStrings = survey(tokens);
  refuseSecondDocument(tokens);
  // Plain scalars are told apart by scalar.ts, from their source: ids keep their digits.
  const document = composed(tokens, text);
  if (document === undefined) return { root: undefined, problems: [] };
  if (document.errors.length > 0) {
    const problems = yamlProblems(document.errors, text, longStrings);
    const last = problems.at(-1);
    return {
      root: undefined,
      problems: last === undefined ? [] : [...problems.slice(0, -1), blamed(last, text)],
    };
  }
  const version = document.directives?.yaml.version ?? '1.2';
  if (version !== '1.2') {
    const start = Math.max(0, text.search(/^%YAML/m));
    const message = `the file declares YAML ${version}, but is read as YAML 1.2`;
    throw new SyntaxProblem({ start, end: start + 5 }, message, 'Remove the %YAML line.');
  }
  const contents = document.contents as Node | null;
  if (contents === null || isNothing(contents)) return { root: undefined, problems: [] };
  return yamlTree(contents, text);
}

/** Where an indentation that only looks like one is to blame, it is what a reader has to be shown. */
function blamed(problem: SyntaxProblem, text: string): SyntaxProblem {
  const indent = oddIndent(text, problem.span.start);
  if (indent === undefined) return problem;
  const cured = withSpaces(text, indent);
  const errors = composed([...new Parser().parse(cured)], cured)?.errors ?? [];
  const isCured = yamlProblems(errors, cured, []).every(
    ({ span, message }) =>
      span.start >= indent.end && (span.start !== problem.span.start || message !== problem.message),
  );
  if (!isCured) return problem;
  const message = 'the indentation has characters that are no spaces; YAML allows spaces only';
  return new SyntaxProblem(indent, message, 'Indent with spaces.');
}

function composed(tokens: readonly CST.Token[], text: string) {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false });
  return [...composer.compose(tokens, true, text.length)][0];
}

/** Walks without recursion, refuses what nests too deep, and collects the quoted strings of several lines. */
function survey(tokens: readonly CST.Token[]): LongString[] {
  const longStrings: LongString[] = [];
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { token, depth } = top;
    if (depth > DEEPEST) throw tooDeep('offset' in token ? token.offset : 0);
    if (token.type === 'document') {
      if (token.value !== undefined) stack.push({ token: token.value, depth });
    } else if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') {
      const end = token.offset + token.source.length;
      if (token.source.includes('\n')) longStrings.push({ start: token.offset, end });
    } else if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key != null) stack.push({ token: key, depth: depth + 1 });
        if (value !== undefined) stack.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return longStrings.sort((a, b) => a.start - b.start);
}

function refuseSecondDocument(tokens: readonly CST.Token[]): void {
  const start = tokens.filter((token) => token.type === 'document')[1]?.offset;
  if (start === undefined) return;
  const hint = 'Put the second document in its own file and pass both with -f.';
  throw new SyntaxProblem({ start, end: start + 3 }, 'a second document begins here; a file holds one', hint);
}

function isNothing(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN' && node.source === '' && node.tag === undefined;
}
