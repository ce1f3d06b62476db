import { readFileSync } from 'node:fs';

/**
 * Text of one file of proto/schema. A module of its own, because a program bundled into one file has the texts within it
 * (deploy/bundle.mjs) and no folder to read them from.
 */
export function schemaText(name: string): string {
  return readFileSync(new URL(`../schema/${name}.proto`, import.meta.url), 'utf8');
}
