import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

const WITHIN = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * Licences of the packages whose code is within bundles: most ask that their text goes with it.
 *
 * @param modules - absolute paths of the modules that were bundled
 */
export function noticesOf(modules) {
  const places = new Set([...modules].flatMap((module) => WITHIN.exec(module)?.[1] ?? []));
  const packages = [...places].map((place) => ({
    place,
    ...JSON.parse(readFileSync(`${place}/package.json`, 'utf8')),
  }));
  // The same package in two places is told once.
  const texts = new Map(packages.map((one) => [`${one.name} ${one.version}`, noticeOf(one)]));
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${name}\n${'-'.repeat(name.length)}\n${text}\n`)
    .join('\n');
}

function noticeOf({ place, license }) {
  const files = existsSync(place) ? readdirSync(place).filter((file) => /^(licen[cs]e|notice)/i.test(file)) : [];
  const declared = typeof license === 'string' ? license : (license?.type ?? 'not declared');
  const texts = files.sort().flatMap((file) => textsAt(`${place}/${file}`));
  return [`Licence: ${declared}`, ...texts].join('\n\n');
}

/** Of a folder, those of what a package took from others. */
function textsAt(path) {
  if (!statSync(path).isDirectory()) return [readFileSync(path, 'utf8').trim()];
  return readdirSync(path)
    .sort()
    .flatMap((name) => textsAt(`${path}/${name}`));
}
