import type { Fields, Value } from '../../../cloud/terminals/value.ts';

/** The names of a sample's fields in ours, where they are not the same; the first that is there counts. */
// biome-ignore format: one field a line
const OURS: Readonly<Record<string, readonly string[]>> = {
  responseSerialNo: ['answeredSerial', 'firstSerial'],
  responseMessageId: ['answeredId'],
  resultCode: ['result'],
  provinceId: ['province'],
  cityId: ['city'],
  makerId: ['maker'],
  deviceModel: ['model'],
  deviceId: ['terminalId'],
  deviceType: ['type'],
  plateColor: ['plateColour'],
  plateNo: ['plate'],
  token: ['code'],
  gnssAttribute: ['gnss'],
  networkAttribute: ['network'],
  warnBit: ['alarm'],
  statusBit: ['status'],
  altitude: ['elevation'],
  deviceTime: ['at'],
  dateTime: ['at'],
  eventId: ['event'],
  answerId: ['option'],
  cardStatus: ['result'],
  licenseNo: ['licence'],
  licenseValidPeriod: ['validUntil'],
  channelId: ['channel'],
  packet: ['package'],
  body: ['octets'],
  items: ['positions', 'areas', 'turns', 'media', 'frames'],
  infos: ['menu'],
  id: ['ids', 'parts', 'id'],
  idCard: ['idNumber'],
  data: ['octets'],
  type: ['type', 'flags', 'id'],
  mediaId: ['id'],
  validityPeriod: ['validity'],
  sign: ['flags'],
  phoneNumber: ['number'],
  phone: ['number'],
  startTime: ['from'],
  endTime: ['until'],
  latitudeUL: ['latitude'],
  longitudeUL: ['longitude'],
  latitudeLR: ['latitude2'],
  longitudeLR: ['longitude2'],
  name: ['name', 'label'],
  time: ['interval', 'seconds'],
  save: ['isKept'],
  delete: ['isDeleted'],
  audioSamplingRate: ['rate'],
};

const OF_HEADER = new Set([
  ...['messageId', 'properties', 'protocolVersion', 'clientId', 'serialNo', 'verified', 'version', 'packageTotal'],
  ...['packageNo'],
]);

/** How many units of a sample one of ours is. */
const SCALES: Readonly<Record<string, number>> = {
  ...{ latitude: 1_000_000, longitude: 1_000_000, latitude2: 1_000_000, longitude2: 1_000_000, speed: 10 },
};

/**
 * Holds what a sample expects against what was read, field by field under its name.
 *
 * @returns the paths of fields that are missing or another
 */
export function unlikeExpected(expected: object, own: Fields, at = ''): readonly string[] {
  return Object.entries(expected)
    .filter(([name]) => !OF_HEADER.has(name))
    .flatMap(([name, value]) => {
      const ours = (OURS[name] ?? [name]).find((one) => own[one] !== undefined);
      const path = `${at}${name}`;
      return ours === undefined ? [path] : unlike(value, own[ours] as Value, path, SCALES[ours] ?? 1);
    });
}

function unlike(value: unknown, own: Value, path: string, scale: number): readonly string[] {
  if (Array.isArray(value) && typeof own === 'object' && 'hex' in own)
    return Buffer.from(value).toString('hex') === own['hex'] ? [] : [path];
  if (Array.isArray(value)) {
    const list = Array.isArray(own) ? (own as readonly Value[]) : [];
    if (list.length !== value.length) return [path];
    return value.flatMap((one: unknown, index) => unlike(one, list[index] ?? '', `${path}.${index}.`, scale));
  }
  if (typeof value === 'object' && value !== null)
    return typeof own === 'object' && !Array.isArray(own) ? unlikeExpected(value, own as Fields, path) : [path];
  return isLike(value, own, scale) ? [] : [path];
}

function isLike(value: unknown, own: Value, scale: number): boolean {
  if (typeof value === 'number') return typeof own === 'number' && Math.round(own * scale) === value;
  if (typeof value !== 'string') return false;
  if (typeof own === 'object' && 'hex' in own) return own['hex'] === value;
  if (typeof own !== 'string') return false;
  const time = /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(own);
  return [own, own.replace('+08:00', ''), own.replace(/\0+$/, ''), time?.slice(1).join('')].includes(value);
}
