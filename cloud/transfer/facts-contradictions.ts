import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';
import { civilDateOf, parseInstant } from '../../proto/words/time.ts';
import { namesVin } from '../../proto/words/vin.ts';
import { FIELD_KINDS } from '../rules/field-kinds.table.ts';
import { TERRITORIES_ABROAD } from '../rules/territories.table.ts';
import type { OnFileEntry, PersonCount, ShapedFacts } from './facts.ts';
import { FAULTS_MAX, type FactsFaultCode, factsFault } from './facts-fault.ts';

type FactsFault = Fault<FactsFaultCode>;

/**
 * Looks for facts that cannot all be true. `unknown` contradicts nothing: it withholds later, in `decide`.
 *
 * @returns one fault for each contradiction, at most `FAULTS_MAX`
 */
export function findContradictions(facts: ShapedFacts): readonly FactsFault[] {
  return [
    ...ofInstant(facts),
    ...ofRecipient(facts),
    ...ofClasses(facts),
    ...ofKinds(facts),
    ...ofCounts(facts),
    ...facts.onFile.flatMap((entry, index) => ofEntry(entry, `onFile.${index}`, facts)),
    ...ofSignOffs(facts),
    ...ofRepetitions(facts),
    ...ofVins(facts),
  ].slice(0, FAULTS_MAX);
}

/** The instant has to lie on the day; the schema has read it already. */
function ofInstant({ on, at }: ShapedFacts): readonly FactsFault[] {
  const instant = at === undefined ? undefined : parseInstant(at);
  return instant?.ok === true && civilDateOf(instant.value) !== on ? opposed('at', 'on') : [];
}

function ofRecipient({ recipient }: ShapedFacts): readonly FactsFault[] {
  if (TERRITORIES_ABROAD.includes(recipient.country)) return [];
  if (recipient.country === 'CN') {
    return contradiction(
      bilingual(
        '`recipient.country` is mainland China, so nothing is transferred abroad',
        '`recipient.country` 为中国内地，不属于出境',
      ),
      bilingual(
        'name the party abroad, or take the transfer out of this procedure; write HK, MO or TW where it lies there',
        '填写境外接收方，或不走出境流程；港澳台分别写 HK、MO、TW',
      ),
    );
  }
  return contradiction(
    bilingual('`recipient.country` is no ISO 3166-1 code', '`recipient.country` 不是 ISO 3166-1 代码'),
    bilingual('write the two-letter code, GB for the United Kingdom', '填写两位字母代码，例如英国为 GB'),
  );
}

function ofClasses({ dataset, legalBasis }: ShapedFacts): readonly FactsFault[] {
  const faults: FactsFault[] = [];
  const needs = (inner: 'sensitive' | 'coordinates' | 'classifiedGeographic', outer: 'personal' | 'geographic') => {
    if (dataset[inner] !== 'present' || dataset[outer] !== 'absent') return;
    faults.push(...opposed(`dataset.${inner}: present`, `dataset.${outer}: absent`));
  };
  needs('sensitive', 'personal');
  needs('coordinates', 'geographic');
  needs('classifiedGeographic', 'geographic');
  if (dataset.personal === 'present' && legalBasis === 'not-applicable') {
    faults.push(...opposed('dataset.personal: present', 'legalBasis: not-applicable'));
  }
  return faults;
}

function ofKinds({ dataset, claimedExemptions }: ShapedFacts): readonly FactsFault[] {
  // Of what came from abroad and goes back nothing is important here; that it did come is for its evidence to show.
  const isDenied = ['absent', 'own-catalogue-only'].includes(dataset.important) && !claimedExemptions.includes(1);
  return FIELD_KINDS.filter((row) => dataset.kinds.includes(row.kind)).flatMap((row) => [
    ...(row.geographic && dataset.geographic === 'absent'
      ? opposed(`dataset.kinds: ${row.kind}`, 'dataset.geographic: absent')
      : []),
    ...(row.coordinates && dataset.coordinates === 'absent'
      ? opposed(`dataset.kinds: ${row.kind}`, 'dataset.coordinates: absent')
      : []),
    ...(row.sensitiveIfPersonal && dataset.personal === 'present' && dataset.sensitive === 'absent'
      ? opposed(`dataset.kinds: ${row.kind}`, 'dataset.sensitive: absent')
      : []),
    ...(row.personal && dataset.personal === 'absent'
      ? opposed(`dataset.kinds: ${row.kind}`, 'dataset.personal: absent')
      : []),
    ...(row.important && isDenied
      ? opposed(`dataset.kinds: ${row.kind}`, `dataset.important: ${dataset.important}`)
      : []),
  ]);
}

function ofCounts({ on, counts, dataset }: ShapedFacts): readonly FactsFault[] {
  const faults: FactsFault[] = [];
  if (String(counts.year) !== on.slice(0, 4)) faults.push(...opposed('counts.year', 'on'));
  faults.push(...ofCount(counts.persons, 'counts.persons'));
  faults.push(...ofCount(counts.sensitivePersons, 'counts.sensitivePersons'));
  const plain = inTransfer(counts.persons);
  const sensitive = inTransfer(counts.sensitivePersons);
  if (dataset.personal === 'absent' && plain !== undefined && plain > 0) {
    faults.push(...opposed('dataset.personal: absent', 'counts.persons.transfer'));
  }
  if (dataset.sensitive === 'absent' && sensitive !== undefined && sensitive > 0) {
    faults.push(...opposed('dataset.sensitive: absent', 'counts.sensitivePersons.transfer'));
  }
  if (dataset.sensitive === 'present' && sensitive === 0) {
    faults.push(...opposed('dataset.sensitive: present', 'counts.sensitivePersons.transfer: 0'));
  }
  if (dataset.personal === 'present' && plain === 0 && sensitive === 0) {
    faults.push(...opposed('dataset.personal: present', 'counts.persons.transfer: 0'));
  }
  return faults;
}

/** Persons are distinct, so with this transfer there are no fewer than in either part and no more than in both. */
function ofCount(count: PersonCount, name: string): readonly FactsFault[] {
  if (count === 'unknown') return [];
  return [
    ...(count.projected < count.before ? opposed(`${name}.projected`, `${name}.before`) : []),
    ...(count.projected < count.transfer ? opposed(`${name}.projected`, `${name}.transfer`) : []),
    ...(count.projected > count.before + count.transfer
      ? opposed(`${name}.projected`, `${name}.before + transfer`)
      : []),
  ];
}

function inTransfer(count: PersonCount): number | undefined {
  return count === 'unknown' ? undefined : count.transfer;
}

function ofEntry(entry: OnFileEntry, name: string, facts: ShapedFacts): readonly FactsFault[] {
  const faults: FactsFault[] = [];
  if ('reportedSha256' in entry && new Set(entry.reportedSha256).size < entry.reportedSha256.length) {
    faults.push(...repeated(`${name}.reportedSha256`));
  }
  for (const [key, items = []] of Object.entries({
    kinds: 'kinds' in entry ? entry.kinds : [],
    manners: 'manners' in entry ? entry.manners : [],
  })) {
    if (new Set<string>(items).size < items.length) faults.push(...repeated(`${name}.${key}`));
  }
  if (entry.validUntil <= entry.validFrom) faults.push(...opposed(`${name}.validUntil`, `${name}.validFrom`));
  if (entry.kind === 'standard-contract' && entry.filing.state === 'filed' && entry.filing.on > facts.on) {
    faults.push(...opposed(`${name}.filing.on`, 'on'));
  }
  if (entry.kind === 'certification' && entry.status.checkedOn > facts.on) {
    faults.push(...opposed(`${name}.status.checkedOn`, 'on'));
  }
  if (entry.kind === 'security-assessment' && entry.scale.counted !== undefined) {
    const { before, projected } = entry.scale.counted;
    if (projected < before) faults.push(...opposed(`${name}.scale.counted.projected`, `${name}.scale.counted.before`));
  }
  if (entry.kind === 'security-assessment' && entry.appliedOn > entry.validFrom) {
    faults.push(...opposed(`${name}.appliedOn`, `${name}.validFrom`));
  }
  return faults;
}

function ofSignOffs({ signOffs, on }: ShapedFacts): readonly FactsFault[] {
  return signOffs.flatMap(({ on: signedOn, until }, index) => [
    ...(signedOn > on ? opposed(`signOffs.${index}.on`, 'on') : []),
    ...(until !== undefined && until <= signedOn ? opposed(`signOffs.${index}.until`, `signOffs.${index}.on`) : []),
  ]);
}

/** Lists are sets here: an id that stands twice is a slip, and two documents of one id cannot be told apart. */
function ofRepetitions(facts: ShapedFacts): readonly FactsFault[] {
  const lists: readonly (readonly [string, readonly (string | number)[]])[] = [
    ['onFile', facts.onFile.map((entry) => entry.id)],
    ['signOffs', facts.signOffs.map((signOff) => signOff.reading)],
    ['claimedExemptions', facts.claimedExemptions],
    ['dataset.kinds', facts.dataset.kinds],
    ...facts.onFile.flatMap((entry, index) =>
      (['recipients', 'datasets', 'purposes'] as const).map((key) => [`onFile.${index}.${key}`, entry[key]] as const),
    ),
  ];
  return lists.filter(([, items]) => new Set(items).size < items.length).flatMap(([name]) => repeated(name));
}

function repeated(name: string): readonly FactsFault[] {
  return contradiction(
    bilingual(`\`${name}\` names something twice`, `\`${name}\` 有重复项`),
    bilingual('keep one of the two', '保留其一'),
  );
}

/** Facts are logged and kept; a VIN has no business in them. */
function ofVins(facts: ShapedFacts): readonly FactsFault[] {
  if (!holdsVin(facts)) return [];
  return [
    factsFault(
      'FACTS_VIN',
      bilingual('a vehicle identification number stands in the facts', '事实中出现车辆识别代号'),
      bilingual(
        'name documents and datasets without it; verdicts are logged',
        '文件与数据集名称不得含车辆识别代号；裁定会写入日志',
      ),
    ),
  ];
}

/** Keys are those of the schema; texts too short for a number are most of all. */
function holdsVin(value: unknown): boolean {
  if (typeof value === 'string') return value.length >= VIN_LENGTH && namesVin(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsVin);
}

const VIN_LENGTH = 17;

function opposed(one: string, other: string): readonly FactsFault[] {
  return contradiction(
    bilingual(`\`${one}\` and \`${other}\` cannot both be true`, `\`${one}\` 与 \`${other}\` 相互矛盾`),
    bilingual(
      'correct the one that is wrong; write `unknown` if nobody knows',
      '更正有误的一项；无从得知的写 `unknown`',
    ),
  );
}

function contradiction(problem: Bilingual, remedy: Bilingual): readonly FactsFault[] {
  return [factsFault('FACTS_CONTRADICTION', problem, remedy)];
}
