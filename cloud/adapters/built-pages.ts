import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageFile, Pages } from '../ports/pages.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Beside the compiled cloud; for who runs sources, where the build puts it. */
const PLACES = ['../../console/', '../../dist/console/'];

/** Hashed files of the build, whose absence tells its sources from what was made of them. */
const HASHED = 'assets';

/** The web console as it was built, read once; undefined where it was not. What has no type of the table is no part of it. */
export function builtPages(): Pages | undefined {
  const places = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const directory = places.find((place) => existsSync(join(place, HASHED)));
  if (directory === undefined) return undefined;
  const names = readdirSync(join(directory, HASHED)).map((name) => `${HASHED}/${name}`);
  const files = ['index.html', ...names].flatMap((name): [string, PageFile][] => {
    const type = TYPES[extname(name)];
    if (type === undefined) return [];
    const content = readFileSync(join(directory, name));
    const gzip = names.includes(`${name}.gz`) ? { gzip: readFileSync(join(directory, `${name}.gz`)) } : {};
    return [[`/${name}`, { type, content, ...gzip, isHashed: name.startsWith(`${HASHED}/`) }]];
  });
  return new Map(files);
}
