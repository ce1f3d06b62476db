import { ascii, type Field, list, octets, time, u8, u16, u32 } from '../field.ts';

/** The 28 bytes that every position begins with (8.12, table 23). Status bit 5 claims that a plug-in treated the position. */
export const LOCATION: readonly Field[] = [
  u32('alarm'),
  u32('status'),
  u32('latitude', { per: 1_000_000, unit: '°' }),
  u32('longitude', { per: 1_000_000, unit: '°' }),
  u16('elevation', { unit: 'm' }),
  u16('speed', { per: 10, unit: 'km/h' }),
  u16('direction', { unit: '°' }),
  time('at', 'bcd'),
];

export interface ExtraRow {
  readonly id: number;
  readonly name: string;
  readonly fields: readonly Field[];
}

/** Additional items by id (table 27). A length that does not fit its row, and every other id, stays octets. */
// biome-ignore format: one item a line
export const EXTRAS: readonly ExtraRow[] = [
  { id: 0x01, name: 'mileage', fields: [u32('value', { per: 10, unit: 'km' })] },
  { id: 0x02, name: 'fuel', fields: [u16('value', { per: 10, unit: 'L' })] },
  { id: 0x03, name: 'recorderSpeed', fields: [u16('value', { per: 10, unit: 'km/h' })] },
  { id: 0x04, name: 'alarmEvent', fields: [u16('value')] },
  { id: 0x05, name: 'tyrePressures', fields: [octets('value', 30)] },
  { id: 0x06, name: 'carriageTemperature', fields: [u16('value')] },
  { id: 0x12, name: 'areaCrossing', fields: [u8('areaType'), u32('areaId'), u8('direction')] },
  { id: 0x13, name: 'routeTime', fields: [u32('routeId'), u16('driveTime'), u8('result')] },
  { id: 0x25, name: 'signals', fields: [u32('value')] },
  { id: 0x2a, name: 'inputs', fields: [u16('value')] },
  { id: 0x2b, name: 'analogues', fields: [u32('value')] },
  { id: 0x30, name: 'signalStrength', fields: [u8('value')] },
  { id: 0x31, name: 'satellites', fields: [u8('value')] },
];

const begin = time('from', 'bcd');
const end = time('until', 'bcd');
const place = [u32('latitude', { per: 1_000_000 }), u32('longitude', { per: 1_000_000 })] as const;
const speedLimit = [u16('maxSpeed'), u8('duration')] as const;

type LocationForm = 'location' | 'answered-location' | 'positions';

export interface MessageRow {
  readonly id: number;
  readonly name: string;
  /** `location`: a position with additional items; `positions`: a batch of them. */
  readonly fields: readonly Field[] | LocationForm;
  /** Where the edition of 2019, or that of 2011, has another layout. */
  readonly in2019?: readonly Field[];
  readonly in2011?: readonly Field[];
  /** Where the end of a body is left out when there is nothing to say. */
  readonly short?: readonly Field[];
}

/** JT/T 808, clause 8. A body of a message without a row here stays octets, as does one that its row does not fit. */
// biome-ignore format: one message a block
export const MESSAGES: readonly MessageRow[] = [
  { id: 0x0001, name: 'terminal-answer', fields: [u16('answeredSerial'), u16('answeredId'), u8('result')] },
  { id: 0x8001, name: 'platform-answer', fields: [u16('answeredSerial'), u16('answeredId'), u8('result')] },
  { id: 0x0002, name: 'heartbeat', fields: [] },
  { id: 0x0003, name: 'deregistration', fields: [] },
  { id: 0x8003, name: 'resend-parts', fields: [u16('firstSerial'), list('parts', { prefix: 1 }, u16('part'))], in2019: [u16('firstSerial'), list('parts', { prefix: 2 }, u16('part'))] },
  // A terminal asks for parts of a message of ours: there are none, since what goes down is short.
  { id: 0x0005, name: 'resend-parts-down', fields: [u16('firstSerial'), list('parts', { prefix: 2 }, u16('part'))] },
  { id: 0x0004, name: 'server-time-query', fields: [] },
  { id: 0x8004, name: 'server-time', fields: [time('at', 'bcd')] },
  { id: 0x0100, name: 'registration',
    fields: [u16('province'), u16('city'), ascii('maker', 5, 'nul-after'), ascii('model', 20, 'nul-after'), ascii('terminalId', 7, 'nul-after'), u8('plateColour'), { form: 'text', name: 'plate', extent: 'rest', charset: 'gbk' }],
    in2019: [u16('province'), u16('city'), ascii('maker', 11, 'nul-after'), ascii('model', 30, 'nul-after'), ascii('terminalId', 30, 'nul-after'), u8('plateColour'), { form: 'text', name: 'plate', extent: 'rest', charset: 'gbk' }],
    in2011: [u16('province'), u16('city'), ascii('maker', 5, 'nul-after'), ascii('model', 8, 'nul-after'), ascii('terminalId', 7, 'nul-after'), u8('plateColour'), { form: 'text', name: 'plate', extent: 'rest', charset: 'gbk' }] },
  { id: 0x8100, name: 'registration-answer', fields: [u16('answeredSerial'), u8('result'), ascii('code', 'rest')] },
  { id: 0x0102, name: 'authentication', fields: [ascii('code', 'rest')], in2019: [ascii('code', { prefix: 1 }), ascii('imei', 15), ascii('softwareVersion', 20, 'nul-after')] },
  { id: 0x0104, name: 'parameters', fields: [u16('answeredSerial'), list('parameters', { prefix: 1 }, u32('id'), octets('value', { prefix: 1 }))] },
  { id: 0x8103, name: 'set-parameters', fields: [list('parameters', { prefix: 1 }, u32('id'), octets('value', { prefix: 1 }))] },
  { id: 0x8104, name: 'query-parameters', fields: [] },
  { id: 0x8105, name: 'control', fields: [u8('command'), { form: 'text', name: 'parameter', extent: 'rest', charset: 'gbk' }] },
  { id: 0x8106, name: 'query-some-parameters', fields: [list('ids', { prefix: 1 }, u32('id'))] },
  { id: 0x8107, name: 'query-properties', fields: [] },
  { id: 0x0107, name: 'properties',
    fields: [u16('type'), ascii('maker', 5, 'nul-after'), ascii('model', 20, 'nul-after'), ascii('terminalId', 7, 'nul-after'), { form: 'digits', name: 'iccid', bytes: 10 }, ascii('hardwareVersion', { prefix: 1 }), ascii('firmwareVersion', { prefix: 1 }), u8('gnss'), u8('network')],
    in2019: [u16('type'), ascii('maker', 5, 'nul-after'), ascii('model', 30, 'nul-after'), ascii('terminalId', 30, 'nul-after'), { form: 'digits', name: 'iccid', bytes: 10 }, ascii('hardwareVersion', { prefix: 1 }), ascii('firmwareVersion', { prefix: 1 }), u8('gnss'), u8('network')] },
  { id: 0x8108, name: 'upgrade', fields: [u8('type'), ascii('maker', 5, 'nul-after'), ascii('version', { prefix: 1 }), octets('package', { prefix: 4 })] },
  { id: 0x0108, name: 'upgrade-result', fields: [u8('type'), u8('result')] },
  { id: 0x0200, name: 'location', fields: 'location' },
  { id: 0x0201, name: 'location-answer', fields: 'answered-location' },
  { id: 0x0500, name: 'vehicle-control-answer', fields: 'answered-location' },
  { id: 0x8201, name: 'query-location', fields: [] },
  { id: 0x8202, name: 'track', fields: [u16('interval'), u32('validity')] },
  { id: 0x8203, name: 'confirm-alarm', fields: [u16('answeredSerial'), u32('type')] },
  { id: 0x8300, name: 'text', fields: [u8('flags'), { form: 'text', name: 'content', extent: 'rest', charset: 'gbk' }], in2019: [u8('flags'), u8('type'), { form: 'text', name: 'content', extent: 'rest', charset: 'gbk' }] },
  { id: 0x8301, name: 'set-events', fields: [u8('type'), list('events', { prefix: 1 }, u8('id'), { form: 'text', name: 'content', extent: { prefix: 1 }, charset: 'gbk' })] },
  { id: 0x0301, name: 'event', fields: [u8('event')] },
  { id: 0x8302, name: 'question', fields: [u8('flags'), { form: 'text', name: 'content', extent: { prefix: 1 }, charset: 'gbk' }, list('options', 'rest', u8('id'), { form: 'text', name: 'content', extent: { prefix: 2 }, charset: 'gbk' })] },
  { id: 0x0302, name: 'question-answer', fields: [u16('answeredSerial'), u8('option')] },
  { id: 0x8303, name: 'information-menu', fields: [u8('type'), list('menu', { prefix: 1 }, u8('id'), { form: 'text', name: 'name', extent: { prefix: 2 }, charset: 'gbk' })] },
  { id: 0x0303, name: 'information-request', fields: [u8('type'), u8('action')] },
  { id: 0x8304, name: 'information', fields: [u8('type'), { form: 'text', name: 'content', extent: { prefix: 2 }, charset: 'gbk' }] },
  { id: 0x8400, name: 'call-back', fields: [u8('flags'), ascii('number', 'rest')] },
  { id: 0x8401, name: 'phone-book', fields: [u8('type'), list('contacts', { prefix: 1 }, u8('flags'), ascii('number', { prefix: 1 }), { form: 'text', name: 'name', extent: { prefix: 1 }, charset: 'gbk' })] },
  { id: 0x8500, name: 'vehicle-control', fields: [u8('flags')], in2019: [octets('octets', 'rest')] },
  { id: 0x8600, name: 'set-circles', fields: [u8('action'), list('areas', { prefix: 1 }, u32('id'), u16('attribute'), ...place, u32('radius', { unit: 'm' }),
    { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: speedLimit })], in2019: [u8('action'), list('areas', { prefix: 1 }, u32('id'), u16('attribute'), ...place, u32('radius', { unit: 'm' }), { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: [...speedLimit, u16('nightMaxSpeed')] }, { form: 'text', name: 'label', extent: { prefix: 2 }, charset: 'gbk' })] },
  { id: 0x8601, name: 'delete-circles', fields: [list('ids', { prefix: 1 }, u32('id'))] },
  { id: 0x8602, name: 'set-rectangles', fields: [u8('action'), list('areas', { prefix: 1 }, u32('id'), u16('attribute'), ...place, u32('latitude2', { per: 1_000_000 }), u32('longitude2', { per: 1_000_000 }),
    { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: speedLimit })], in2019: [u8('action'), list('areas', { prefix: 1 }, u32('id'), u16('attribute'), ...place, u32('latitude2', { per: 1_000_000 }), u32('longitude2', { per: 1_000_000 }), { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: [...speedLimit, u16('nightMaxSpeed')] }, { form: 'text', name: 'label', extent: { prefix: 2 }, charset: 'gbk' })] },
  { id: 0x8603, name: 'delete-rectangles', fields: [list('ids', { prefix: 1 }, u32('id'))] },
  { id: 0x8604, name: 'set-polygon', fields: [u32('id'), u16('attribute'), { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: speedLimit }, list('points', { prefix: 2 }, ...place)], in2019: [u32('id'), u16('attribute'), { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: speedLimit }, list('points', { prefix: 2 }, ...place), { form: 'when', name: '', field: 'attribute', mask: 2, of: [u16('nightMaxSpeed')] }, { form: 'text', name: 'label', extent: { prefix: 2 }, charset: 'gbk' }] },
  { id: 0x8605, name: 'delete-polygons', fields: [list('ids', { prefix: 1 }, u32('id'))] },
  { id: 0x8606, name: 'set-route', fields: [u32('id'), u16('attribute'), { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] },
    list('turns', { prefix: 2 }, u32('id'), u32('routeId'), ...place, u8('width'), u8('attribute'), { form: 'when', name: '', field: 'attribute', mask: 1, of: [u16('upperLimit'), u16('lowerLimit')] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: speedLimit })], in2019: [u32('id'), u16('attribute'), { form: 'when', name: '', field: 'attribute', mask: 1, of: [begin, end] }, list('turns', { prefix: 2 }, u32('id'), u32('routeId'), ...place, u8('width'), u8('attribute'), { form: 'when', name: '', field: 'attribute', mask: 1, of: [u16('upperLimit'), u16('lowerLimit')] }, { form: 'when', name: '', field: 'attribute', mask: 2, of: [...speedLimit, u16('nightMaxSpeed')] }), { form: 'text', name: 'label', extent: { prefix: 2 }, charset: 'gbk' }] },
  { id: 0x8607, name: 'delete-routes', fields: [list('ids', { prefix: 1 }, u32('id'))] },
  { id: 0x8608, name: 'query-areas', fields: [u8('type'), list('ids', { prefix: 4 }, u32('id'))] },
  { id: 0x0702, name: 'driver', fields: [u8('status'), time('at', 'bcd'), u8('result'), { form: 'text', name: 'name', extent: { prefix: 1 }, charset: 'gbk' }, ascii('licence', 20, 'nul-after'), { form: 'text', name: 'institution', extent: { prefix: 1 }, charset: 'gbk' }, { form: 'digits', name: 'validUntil', bytes: 4 }], in2019: [u8('status'), time('at', 'bcd'), u8('result'), { form: 'text', name: 'name', extent: { prefix: 1 }, charset: 'gbk' }, ascii('licence', 20, 'nul-after'), { form: 'text', name: 'institution', extent: { prefix: 1 }, charset: 'gbk' }, { form: 'digits', name: 'validUntil', bytes: 4 }, ascii('idNumber', 20, 'nul-after')], short: [u8('status'), time('at', 'bcd')] },
  { id: 0x0704, name: 'positions', fields: 'positions' },
  { id: 0x0705, name: 'can-bus', fields: [u16('total'), { form: 'digits', name: 'since', bytes: 5 }, list('frames', { field: 'total' }, u32('id'), octets('octets', 8))] },
  { id: 0x0800, name: 'media-event', fields: [u32('id'), u8('type'), u8('format'), u8('event'), u8('channel')] },
  { id: 0x0801, name: 'media', fields: [u32('id'), u8('type'), u8('format'), u8('event'), u8('channel'), { form: 'group', name: 'location', of: LOCATION }, octets('package', 'rest')] },
  { id: 0x8800, name: 'media-answer', fields: [u32('id'), list('parts', { prefix: 1 }, u16('part'))], short: [u32('id')] },
  { id: 0x8801, name: 'take-picture', fields: [u8('channel'), u16('command'), u16('interval'), u8('isKept'), u8('resolution'), u8('quality'), u8('brightness'), u8('contrast'), u8('saturation'), u8('chroma')] },
  { id: 0x0805, name: 'picture-taken', fields: [u16('answeredSerial'), u8('result'), list('ids', { prefix: 2 }, u32('id'))] },
  { id: 0x8802, name: 'query-media', fields: [u8('type'), u8('channel'), u8('event'), begin, end] },
  { id: 0x0802, name: 'media-list', fields: [u16('answeredSerial'), list('media', { prefix: 2 }, u32('id'), u8('type'), u8('channel'), u8('event'), { form: 'group', name: 'location', of: LOCATION })] },
  { id: 0x8803, name: 'upload-media', fields: [u8('type'), u8('channel'), u8('event'), begin, end, u8('isDeleted')] },
  { id: 0x8804, name: 'record-sound', fields: [u8('command'), u16('seconds'), u8('isKept'), u8('rate')] },
  { id: 0x8805, name: 'upload-one-medium', fields: [u32('id'), u8('isDeleted')] },
  { id: 0x0900, name: 'transparent', fields: [u8('type'), octets('octets', 'rest')] },
  { id: 0x8900, name: 'transparent-down', fields: [u8('type'), octets('octets', 'rest')] },
  { id: 0x0901, name: 'compressed', fields: [octets('octets', { prefix: 4 })] },
  { id: 0x8a00, name: 'platform-key', fields: [u32('e'), octets('n', 128)] },
  { id: 0x0a00, name: 'terminal-key', fields: [u32('e'), octets('n', 128)] },
];
