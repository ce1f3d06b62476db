import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Top-level folders that hold code; the law knows no other. */
export const TIERS = ['bin', 'cloud', 'console', 'edge', 'firmware-sim', 'proto'] as const;

/** What the repository does not hold, though it may lie in a checkout. */
const NOT_OURS = new Set([
  '.git',
  ...read('.gitignore')
    .split('\n')
    .map((line) => line.replace(/\/$/, '')),
]);

/** Path of every file below a folder of the repository, with forward slashes, sorted; `''` is all of it. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(new URL(`../../${folder}`, import.meta.url), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name) && !name.endsWith('.tsbuildinfo') && !name.endsWith('.tgz'))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

/** TypeScript that ships. */
export const SOURCES = TIERS.flatMap(filesBelow).filter((path) => /\.tsx?$/.test(path));

export const TESTS = filesBelow('test').filter((path) => path.endsWith('.ts'));

export function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** One `import`, `export ... from` or `import()`. */
export interface Import {
  /** A path from the root for files of ours; else the package, or the `node:` module. */
  readonly target: string;
  readonly isOurs: boolean;
  /** Only types, so that nothing of it is loaded. */
  readonly isTypeOnly: boolean;
}

const STATEMENT = /(?:^|\n)(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'([^']+)'|\bimport\('([^']+)'\)/g;

export function importsOf(path: string): readonly Import[] {
  return [...withoutComments(read(path)).matchAll(STATEMENT)].map(([, type, names = '', from, loaded]) => {
    const specifier = from ?? loaded ?? '';
    const isOurs = specifier.startsWith('.');
    return {
      target: isOurs ? posix.join(posix.dirname(path), specifier) : packageOf(specifier),
      isOurs,
      isTypeOnly: type !== undefined || (from !== undefined && areTypes(names)),
    };
  });
}

/** `{ type A, type B }` loads nothing, as `import type` does. */
function areTypes(names: string): boolean {
  const [, inner] = /^\{([^}]*)\}$/.exec(names.trim()) ?? [];
  const listed = (inner ?? '').split(',').map((name) => name.trim());
  return inner !== undefined && listed.every((name) => name === '' || name.startsWith('type '));
}

/** `@scope/name/sub` and `name/sub` belong to the package before `sub`; modules of Node are named whole. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

const COMMENT = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`;
const TEXT = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\`(?:\\.|[^\`\\])*\``;
const REGEXP = String.raw`(?<=[(,=:[!&|?{};]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*`;
const TOKEN = new RegExp(`(${COMMENT})|(${TEXT}|${REGEXP})`, 'g');

export function withoutComments(text: string): string {
  return text.replace(TOKEN, (whole, comment: string | undefined) => (comment === undefined ? whole : blank(whole)));
}

/** Without comments, texts and regular expressions; lines and columns stay what they were. */
export function codeOnly(text: string): string {
  return text.replace(TOKEN, (whole) => blank(whole));
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** `file:line` of every place in the code where a pattern stands. */
export function placesOf(path: string, text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : []));
}
